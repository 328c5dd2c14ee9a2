// Runs model.onnx, a classifier or tagger of words, on the text that is typed in.
import * as ort from "./node_modules/onnxruntime-web/dist/ort.wasm.bundle.min.mjs";
import { propertiesOf } from "./properties.js";
import { wordsOf } from "./words.js";

ort.env.wasm.numThreads = 1; // more need a server that isolates the page (COOP and COEP)

const [ask, text, status, answer] = ["ask", "text", "status", "answer"].map(id => document.getElementById(id));

async function load(address) {
  const response = await fetch(address);
  if (!response.ok)
    throw new Error(`${address}: ${response.status} ${response.statusText}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const properties = propertiesOf(bytes);
  const labels = JSON.parse(properties.labels), vocabulary = JSON.parse(properties.vocabulary);
  const keys = new Map(vocabulary.map((token, i) => [token, i + 1])); // 0: an unknown word
  return { session: await ort.InferenceSession.create(bytes), labels, keys };
}

async function run({ session, keys }, words) {
  const tokens = BigInt64Array.from(words, word => BigInt(keys.get(word) ?? 0));
  return await session.run({
    tokens: new ort.Tensor("int64", tokens, [1, words.length]),
    lengths: new ort.Tensor("int64", [BigInt(words.length)], [1]),
  });
}

/** Of a classifier all classes, the likeliest first; of a tagger each word with its tag. */
function rowsOf({ labels }, words, { scores, labels: found }) {
  if (found.dims.length === 2)
    return words.map((word, t) => [word, labels[found.data[t]]]);
  return Array.from(scores.data, (score, k) => [labels[k], score]).sort((a, b) => b[1] - a[1])
    .map(([label, score]) => [label, `${(100 * score).toFixed(1)} %`]);
}

function show(rows) {
  answer.replaceChildren(...rows.map(cells => {
    const row = document.createElement("tr");
    row.replaceChildren(...cells.map(cell => Object.assign(document.createElement("td"), { textContent: cell })));
    return row;
  }));
}

try {
  const model = await load("model.onnx");
  ask.addEventListener("submit", async event => {
    event.preventDefault();
    const words = wordsOf(text.value), started = performance.now();
    show(rowsOf(model, words, await run(model, words)));
    status.textContent = `${words.length} words, ${(performance.now() - started).toFixed(1)} ms`;
  });
  status.textContent = `Ready: ${model.labels.length} classes, ${model.keys.size} words`;
} catch (error) {
  status.textContent = `The model cannot be used. ${error.message}`;
}
