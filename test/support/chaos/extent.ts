/** How much of the chaos is run: all of it by `npm run test:chaos`, a slice by `npm test`. */
export const isWhole = process.env['PLANLINE_CHAOS'] === 'whole';
