// Reads answers as the JSON API plugin does. In: [{"answer", "paths": [...]}, …]. Out: for each, the values of each path.

import { readFileSync } from "node:fs";
import { JSONPath } from "jsonpath-plus";

const asked = JSON.parse(readFileSync(0, "utf8"));
const values = ({ answer, paths }) => paths.map((path) => JSONPath({ path, json: answer, eval: false }));
process.stdout.write(JSON.stringify(asked.map(values)));
