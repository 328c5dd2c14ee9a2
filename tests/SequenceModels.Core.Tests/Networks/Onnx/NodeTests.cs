using System.Diagnostics;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Sequences;
using SequenceModels.Tests.Layers;
using SequenceModels.Tests.Reference;
using SequenceModels.Tests.Sequences;
using Xunit;

namespace SequenceModels.Tests.Networks;

/// <summary>
/// The models run in onnxruntime-web under Node.js: what a browser has, and another runtime than that of the other tests.
/// </summary>
public class NodeTests
{
    [Fact]
    public void Scores_are_those_of_the_network()
    {
        Tools.RequireBrowserPackages();
        OnnxCase[] cases = [.. Cases()];
        using var folder = new TemporaryFolder();
        foreach ((int i, OnnxCase each) in cases.Index())
            File.WriteAllBytes(Path.Combine(folder.Name, $"{i}.onnx"), each.Model);
        File.WriteAllText(Path.Combine(folder.Name, "runs.json"), JsonSerializer.Serialize(cases.Select((each, i) =>
            new { model = $"{i}.onnx", runs = each.Runs.Select((run, number) => InputsOf(each, run, number)) })));
        Run(Tools.Node, Repository.PathOf("tests", "SequenceModels.Core.Tests", "Networks", "Onnx", "Node", "score.mjs"),
            folder.Name, Tools.BrowserPackages);
        using var answers = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.Name, "answers.json")));
        Assert.Equal(cases.Select(each => each.Runs.Count),
            answers.RootElement.EnumerateArray().Select(runs => runs.GetArrayLength()));
        foreach ((OnnxCase each, JsonElement runs) in cases.Zip(answers.RootElement.EnumerateArray()))
            foreach ((OnnxRun run, JsonElement outputs) in each.Runs.Zip(runs.EnumerateArray()))
                new OnnxAnswer(outputs.EnumerateObject().ToDictionary(output => output.Name, output =>
                    output.Value.GetProperty("data").Deserialize<double[]>()!), run.Rows).AssertIs(run.Own, 1e-5);
    }

    private static IEnumerable<OnnxCase> Cases()
    {
        foreach (RecurrentCell cell in RecurrentCells.All)
            foreach (Steps steps in Enum.GetValues<Steps>())
            {
                foreach (bool bidirectional in new[] { false, true })
                    foreach (SequencePooling pooling in steps == Steps.EmbeddedTokens ? Enum.GetValues<SequencePooling>()
                        : [SequencePooling.MaxMeanLast])
                        yield return Batches(GradientCheck.Spec(cell.Name, 2, bidirectional, steps, pooling, HeadKind.Softmax));
                foreach (HeadKind head in new[] { HeadKind.Crf, HeadKind.Sigmoid })
                    yield return Batches(GradientCheck.Spec(cell.Name, 1, true, steps, SequencePooling.Last, head) with
                    {
                        EveryStep = true,
                    });
                foreach (SequencePooling pooling in new[] { SequencePooling.Attention, SequencePooling.MaxMeanLast })
                    yield return Streams(GradientCheck.Spec(cell.Name, 2, false, steps, pooling, HeadKind.Softmax));
                yield return Streams(GradientCheck.Spec(cell.Name, 2, false, steps, SequencePooling.Last, HeadKind.Softmax) with
                {
                    EveryStep = true,
                });
            }
        foreach (string features in new[] { "all", "twice", "characters", "subwords", "both" })
            yield return Batches(FeatureTests.Spec(features, frames: false, bidirectional: true));
    }

    private static OnnxCase Streams(NetworkShape spec) =>
        OnnxCase.OfStreams(new NetworkRun(spec).Network, spec, OnnxExportTests.Rows(spec));

    private static OnnxCase Batches(NetworkShape spec) =>
        OnnxCase.OfBatches(new NetworkRun(spec).Network, spec, OnnxExportTests.Rows(spec));

    private static Dictionary<string, object> InputsOf(OnnxCase each, OnnxRun run, int number)
    {
        Dictionary<string, object> inputs = number == 0 ? []
            : each.States.ToDictionary(state => state.Key, state => (object)state.Value);
        foreach (NamedOnnxValue input in run.Inputs)
            inputs[input.Name] = input.Value is Tensor<long> keys ? ValueOf("int64", keys)
                : ValueOf("float32", input.AsTensor<float>());
        return inputs;
    }

    private static object ValueOf<T>(string type, Tensor<T> values) =>
        new { type, dims = values.Dimensions.ToArray(), data = values.ToArray() };

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
    }
}
