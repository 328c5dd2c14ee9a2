using Microsoft.ML.Data;
using SequenceModels.Onnx;

namespace SequenceModels.Interop;

/// <summary>Keeps nothing: for finding out whether a step could be written at all.</summary>
internal sealed class TrialGraph : PipelineGraph
{
    public override string ValueOf(string column) => column;

    public override string Define(string column, DataViewType type, string value) => column;

    public override void Add(string op, string domain, string[] inputs, string[] outputs, OnnxAttribute[] attributes) { }

    public override string Weights(string name, OnnxTensor tensor) => name;

    protected override bool IsTaken(string name) => false;

    protected override void Declare(string name) { }

    protected override string AddIntegers(string name, long[] values, params int[] dimensions) => name;

    protected override string AddNumber(string name, float value) => name;
}
