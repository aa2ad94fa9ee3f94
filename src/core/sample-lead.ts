/** What the sample lead tells of itself: enough for every field of a profile, and nobody real. */
export const SAMPLE_DESCRIPTION = `I am 24 and finished a bachelor's degree in geography last summer. Since then I have worked part time in a bookshop, where I look after the online orders and the stock list in a spreadsheet.

I would like to become a junior data analyst. At university I enjoyed statistics and making maps, and I taught myself the basics of SQL from a free course. I have tried Python twice and stopped each time when it came to setting things up on my own computer.

I am patient, careful with details and I like explaining things to other people. I am less sure of myself in interviews, and I have nothing yet that I could show as a portfolio.

I can spend about 8 hours a week on learning, mostly in the evenings, on an older laptop. Moving to another city is not possible at the moment, so remote or hybrid work would suit me. In six to nine months I would like to be applying for jobs.`;
