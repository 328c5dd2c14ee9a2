// Runs models in onnxruntime-web, as a browser would: node score.mjs FOLDER PACKAGES
// FOLDER/runs.json has models, each with runs one behind the other: inputs by name, as { type, dims, data }, or as the name of an output of the
// run before. FOLDER/answers.json gets the outputs of each.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [folder, packages] = process.argv.slice(2);
const ort = createRequire(join(packages, "node_modules", "/"))("onnxruntime-web");
ort.env.wasm.numThreads = 1;

function tensorOf({ type, dims, data }) {
  return new ort.Tensor(type, type === "int64" ? BigInt64Array.from(data, BigInt) : Float32Array.from(data), dims);
}

const answers = [];
for (const { model, runs } of JSON.parse(readFileSync(join(folder, "runs.json"), "utf8"))) {
  const session = await ort.InferenceSession.create(readFileSync(join(folder, model)));
  let outputs = {};
  const own = [];
  for (const inputs of runs) {
    const values = Object.entries(inputs).map(([name, value]) => [name, typeof value === "string" ? outputs[value] : tensorOf(value)]);
    outputs = await session.run(Object.fromEntries(values));
    own.push(Object.fromEntries(Object.entries(outputs).map(([name, { dims, data }]) => [name, { dims, data: Array.from(data, Number) }])));
  }
  answers.push(own);
  await session.release();
}
writeFileSync(join(folder, "answers.json"), JSON.stringify(answers));
