// Extracts values as the JSON API plugin does. Input: [{"answer", "paths": [...]}, …]. Output: for each, the values of each path.

import { readFileSync } from "node:fs";
import { JSONPath } from "jsonpath-plus";

const inputs = JSON.parse(readFileSync(0, "utf8"));
const values = ({ answer, paths }) => paths.map((path) => JSONPath({ path, json: answer, eval: false }));
process.stdout.write(JSON.stringify(inputs.map(values)));
