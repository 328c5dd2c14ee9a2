using System.Collections;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Interop;

namespace SequenceModels.Diagnostics;

/// <summary>Finds the parts of a pipeline that cannot become a part of an ONNX model.</summary>
internal static class OnnxExplainer
{
    private const string Normalizer = "TextNormalizingTransformer";

    /// <summary>The obstacles, in the order of the pipeline.</summary>
    /// <param name="model">A transformer, or a chain of them.</param>
    /// <param name="schema">Of its input.</param>
    public static List<OnnxObstacle> Explain(ITransformer model, DataViewSchema schema)
    {
        var found = new List<OnnxObstacle>();
        foreach (ITransformer part in PartsOf(model))
        {
            var source = new EmptyView(schema);
            IDataView view = part.Transform(source);
            found.AddRange(ObstaclesIn(part, view, source).Reverse());
            schema = view.Schema;
        }
        return found;
    }

    private static IEnumerable<ITransformer> PartsOf(ITransformer model) =>
        model.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(TransformerChain<>)
            ? ((IEnumerable)model).Cast<ITransformer>().SelectMany(PartsOf) : [model];

    /// <summary>Walks back from a view to the source, as ML.NET's converter does.</summary>
    private static IEnumerable<OnnxObstacle> ObstaclesIn(ITransformer part, IDataView view, EmptyView source)
    {
        string name = part.GetType().Name;
        while (!ReferenceEquals(view, source))
        {
            if (view is ConvertibleView own)
                foreach (string reason in ReasonsOf(own))
                    yield return new OnnxObstacle(name, reason);
            else if (!OnnxContracts.CanSave(view))
                yield return new OnnxObstacle(name, ReasonOf(view));
            if (OnnxContracts.SourceOf(view) is not { } before)
                yield break;
            view = before;
        }
    }

    private static IEnumerable<string> ReasonsOf(ConvertibleView view)
    {
        var trial = new TrialGraph();
        try
        {
            view.Write!(trial);
        }
        catch (Exception error) when (error is NotSupportedException or ArithmeticException)
        {
            return [error.Message];
        }
        return trial.LeftOut.Values;
    }

    private static string ReasonOf(IDataView view)
    {
        if (!OnnxContracts.AreThere)
            return "This version of ML.NET has no conversion to ONNX that this version of SequenceModels could take part in.";
        string mapper = OnnxContracts.NameOf(view);
        return mapper.Contains(Normalizer, StringComparison.Ordinal)
            ? "ML.NET writes NormalizeText as ONNX only with keepDiacritics, keepPunctuations and keepNumbers true."
            : $"ML.NET cannot write {mapper} as ONNX. Convert the pipeline without it.";
    }
}
