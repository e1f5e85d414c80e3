// Reads a JSON list of numbers, and tells of each what the validator of NAV says.
const { fnr } = require("@navikt/fnrvalidator");
const numbers = JSON.parse(require("fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(numbers.map((one) => fnr(one, true))));
