import type { Phrases } from './types.ts';

export const en: Phrases = {
  notice:
    'This is a rehearsal: planline wrote this text itself, offline, to show how the pipeline works. It is not advice from ChatGPT.',
  quote: ['“', '”'],
  labels: {
    block: 'Block',
    aim: 'Aim',
    steps: 'Steps',
    exercise: 'Exercise',
    evidence: 'Checkpoint',
    time: 'Time a week',
    forYou: 'Where this meets your situation',
    fromPlan: 'What the plan asks for',
    howTo: 'Step by step',
    week: 'How to spread it over the week',
    day: 'Day',
    work: 'What to do',
    minutes: 'Minutes',
    tip: 'Tip',
    mistakes: 'Common mistakes',
    questions: 'Questions to ask yourself',
    checklist: 'Checklist',
    part: 'part',
  },
  defaults: {
    role: 'the work you have chosen',
    skill: 'the skill you know best',
    interest: 'a subject you enjoy',
    title: 'A lesson from your plan',
    step: 'Read the block once more and put its main task into your own words.',
  },
  intro: [
    'This lesson turns one block of your plan into work that fits into a single week.',
    'You do not need to know everything beforehand: each part ends with something that you can show.',
    'Read it once from start to end, then come back to the steps one at a time.',
  ],
  forYou:
    'Your goal in this plan: {role}. You already bring something with you: {skill}. Where you can choose an example, take it from what interests you: {interest}.',
  howTo: [
    'Set a timer for 45 minutes and write down one sentence about what has changed when it rings.',
    'If you get stuck for longer than a quarter of an hour, write the question down and go on; half of such questions answer themselves the next day.',
    'Keep the first version simple: it only has to exist so that it can be improved.',
    'Show the result to one person and ask what was unclear, not whether they liked it.',
    'Compare the result with the previous block: what went faster this time?',
  ],
  days: ['Monday', 'Tuesday', 'Thursday', 'Saturday', 'Sunday'],
  dayWork: [
    'Read the lesson and mark what is new to you',
    'Work through the first half of the steps',
    'Finish the remaining steps',
    'Do the exercise without looking at your notes',
    'Go through the checklist and plan the next block',
  ],
  tips: [
    'Work at the same time of day, even when it is only for twenty minutes. The habit carries you further than a good mood.',
    'Keep one file with everything that you have finished. In a few weeks it becomes your portfolio.',
    'Say aloud what you are about to do before you do it. You will notice gaps that reading hides.',
  ],
  mistakes: [
    'Collecting more and more material instead of finishing the first task.',
    'Comparing yourself with people who have been doing this for years.',
    'Leaving the exercise out because the text seemed clear.',
  ],
  questions: [
    'What could I explain to a friend today that I could not explain last week?',
    'Which step took longer than I expected, and why?',
    'Whom could I ask for ten minutes of feedback?',
  ],
  checklist: [
    'I have done every step or written down why I left it out.',
    'The result of the exercise is saved with a date.',
    'I know what the next block begins with.',
  ],
  closing:
    'When the checklist is complete, close the lesson and take a day off: the next block starts from what you have just made.',
  themes: [
    {
      title: 'Where you stand today',
      aim: 'Describe your starting point, so that progress can be seen later.',
      steps: [
        'List what you have done at school, at work and at home, and beside each item what exactly you did.',
        'Mark three things that came easily and three that cost you the most strength.',
        'Write one paragraph about the goal of this plan: {role}.',
      ],
      exercise:
        'Explain your starting point to somebody in three minutes and note what they asked about.',
      evidence: 'One dated page that describes your starting point.',
    },
    {
      title: 'A map of the field',
      aim: 'Learn what the work really consists of and what employers ask for.',
      steps: [
        'Find ten job adverts close to your goal ({role}) and copy out their requirements.',
        'Count which requirements come up most often and order them.',
        'Mark what you already have, for example: {skill}.',
      ],
      exercise:
        'Make a table with three columns: I can do it, I am learning it, I do not know it yet.',
      evidence: 'A table of at least twelve requirements, ordered by how often they come up.',
    },
    {
      title: 'A rhythm that lasts',
      aim: 'Find fixed hours for learning that survive a busy week too.',
      steps: [
        'Write down how you really spent the last seven days, by the hour.',
        'Choose two longer and two short slots and put them into your calendar.',
        'Prepare a place where everything is at hand and the telephone is not.',
      ],
      exercise: 'Keep to the slots for one week and write a line after each of them.',
      evidence: 'A calendar with four slots and a week of notes.',
    },
    {
      title: 'Foundations: words and principles',
      aim: 'Understand the basic terms well enough to follow professional texts.',
      steps: [
        'Choose one introductory course or book and read only its first third.',
        'Build a small dictionary of thirty terms in your own words.',
        'For each of five terms find an example from what you enjoy: {interest}.',
      ],
      exercise: 'Close your notes and explain ten terms on a blank sheet.',
      evidence: 'A dictionary of thirty terms with examples.',
    },
    {
      title: 'Foundations: first practice',
      aim: 'Use the basics in ten short tasks.',
      steps: [
        'Pick ten tasks of at most half an hour each, from the easiest to the hardest.',
        'Solve them without help first, then compare with a model solution.',
        'Write down the mistakes that came up more than once.',
      ],
      exercise: 'Do the hardest of the ten tasks again two days later.',
      evidence: 'Ten solved tasks and a list of your three most frequent mistakes.',
    },
    {
      title: 'Your first small project',
      aim: 'Finish something small from beginning to end.',
      steps: [
        'Describe the result in three sentences: for whom, what it does, how you know that it is done.',
        'Divide the work into six pieces and start with the riskiest one.',
        'Use what you already know ({skill}) wherever it saves time.',
      ],
      exercise:
        'Show the unfinished project to somebody halfway through and change one thing because of it.',
      evidence: 'A finished project with half a page of description.',
    },
    {
      title: 'The tools of the trade',
      aim: 'Get to know the two or three tools that the work is done with.',
      steps: [
        'From the map of the field choose the tools that are asked for most.',
        'Install or open them and go through their official introduction.',
        'Carry out one piece of your project again with the new tool.',
      ],
      exercise: 'Write a one-page guide to the tool for someone who sees it for the first time.',
      evidence: 'A guide with five steps and two pictures or examples.',
    },
    {
      title: 'Learning from other people',
      aim: 'Meet people who do this work and learn from how they think.',
      steps: [
        'Find two communities, in your town or online, and read for a week.',
        'Prepare five concrete questions about the work: {role}.',
        'Ask one person for a fifteen-minute talk and thank them in writing afterwards.',
      ],
      exercise: 'Summarise the talk in ten sentences and mark what surprised you.',
      evidence: 'Notes from one talk and a list of three people to stay in touch with.',
    },
    {
      title: 'A project close to the real work',
      aim: 'Make something that looks like a task from the job.',
      steps: [
        'Choose a problem of a real person, club or shop around you.',
        'Agree on the result and on a date with them.',
        'Keep a diary of decisions: what you chose and what you gave up.',
      ],
      exercise: 'Present the result to the person it was made for and write down their words.',
      evidence: 'A delivered result and a diary of decisions.',
    },
    {
      title: 'Feedback and quality',
      aim: 'Learn to see your own work with a stranger’s eyes.',
      steps: [
        'Write a list of ten signs of good work in your field.',
        'Judge your two projects by it and correct the three weakest places.',
        'Ask for feedback on one concrete question, not on everything.',
      ],
      exercise: 'Compare the version before and after the correction side by side.',
      evidence: 'A list of quality signs and two corrected projects.',
    },
    {
      title: 'A portfolio that speaks for you',
      aim: 'Put your results where others can see and understand them.',
      steps: [
        'Choose three results and for each write the problem, your part and the outcome.',
        'Add a picture, a sample or a link to each of them.',
        'Connect them with a short introduction: who you are and what you aim at ({role}).',
      ],
      exercise: 'Let somebody look at the portfolio for one minute and ask what they remember.',
      evidence: 'A page with three results that can be opened by a link.',
    },
    {
      title: 'Curriculum vitae and profile',
      aim: 'Describe your experience so that it answers what employers ask.',
      steps: [
        'Rewrite each experience as a sentence with a verb and a result.',
        'Put the skills first that come up most often in the adverts.',
        'Adjust the profile on one professional network to match.',
      ],
      exercise: 'Make a version of the CV for one concrete advert.',
      evidence: 'A one-page CV, read and corrected by another person.',
    },
    {
      title: 'Applications and approaching people',
      aim: 'Send a few good applications instead of many general ones.',
      steps: [
        'Choose five places that make sense for your goal.',
        'For each write three sentences on why it is them and what you bring.',
        'Keep a table: sent, answer, next step, date.',
      ],
      exercise:
        'Read an application aloud and cross out every sentence that could stand in any other.',
      evidence: 'Five sent applications and a table of their progress.',
    },
    {
      title: 'Preparing for interviews',
      aim: 'Speak about your work calmly and with examples.',
      steps: [
        'Prepare six short stories: situation, task, what you did, result.',
        'Practise the answers to ten usual questions aloud.',
        'Prepare three questions of your own for the employer.',
      ],
      exercise: 'Record a mock interview and watch it once for content and once for pace.',
      evidence: 'Six stories on paper and one recorded mock interview.',
    },
    {
      title: 'Looking back and going on',
      aim: 'Sum up what has changed and choose what comes next.',
      steps: [
        'Read the page from the first block again and mark what is no longer true.',
        'Write down the three decisions that helped the most.',
        'Plan the next three months in no more than five points.',
      ],
      exercise: 'Write a letter to yourself that you will open in half a year.',
      evidence: 'A summary on one page and a plan for the next quarter.',
    },
  ],
};
