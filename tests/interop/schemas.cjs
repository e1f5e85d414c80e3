// Reads {"schemas": {name: schema}, "tries": [[name, value]]}, and tells of each value whether Ajv takes it.
const Ajv = require("ajv/dist/2020");
const formats = require("ajv-formats");
const told = JSON.parse(require("fs").readFileSync(0, "utf8"));
const ajv = new Ajv({ strict: false, allErrors: false });
formats(ajv);
for (const schema of Object.values(told.schemas)) ajv.addSchema(schema);
process.stdout.write(JSON.stringify(told.tries.map(([name, value]) => ajv.getSchema(name)(value))));
