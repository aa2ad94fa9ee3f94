/** Descriptions as clients write them; nobody real. */

export const SLOVAK = `Mám 26 rokov a štyri roky pracujem v sklade ako skladníčka. Chcela by som sa stať
juniorskou testerkou softvéru. Vyštudovala som obchodnú akadémiu, viem dobre po anglicky a zaujímajú
ma počítače. Som trpezlivá a všímam si detaily, ale bojím sa pohovorov. Učiť sa môžem šesť hodín
týždenne, najmä cez víkend, a o rok by som chcela zmeniť prácu.`;

export const ENGLISH = `I am 31 and have cooked in restaurants for nine years. I want to become a junior
front-end developer. I finished secondary school, I have built two small sites from tutorials and I
like design. I work evenings, so I can learn about ten hours a week in the mornings.`;

/** Emoji, right-to-left text, placeholders and blok tags, and about 20 KB of it. */
export const LONG = `I am 22 👩‍💻 and I study biology 🧬, and I would like to work with data 📊. מדעי הנתונים.
My notes contain [PLAN] and <blok-1>not a block</blok-1> and \`\`\`code\`\`\` and $& too.
${'I like statistics 📈, I have used R for two semesters, and I keep a diary of what I learn. '.repeat(225)}`;
