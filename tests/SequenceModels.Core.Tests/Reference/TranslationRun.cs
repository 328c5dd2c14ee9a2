using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Tests.Reference;

/// <summary>The same random weights in the engine's translation network and in the textbook's.</summary>
internal sealed class TranslationRun
{
    public TranslationRun(TranslationSpec spec, int seed = 1, double range = 1)
    {
        Network = new TranslationNetwork(spec, FrameTransform.None, LabelTransform.None);
        Network.Parameters.Allocate();
        var random = new Random(seed);
        foreach (Parameter parameter in Network.Parameters.All)
        {
            Weights[parameter.Name] = Matrices.Random(parameter.Rows, parameter.Gates * parameter.Units, random, range);
            Matrices.Write(parameter, Network.Parameters.Values, Weights[parameter.Name]);
        }
    }

    public TranslationNetwork Network { get; }

    public ReferenceWeights Weights { get; } = new();

    public IEnumerable<string> ParameterNames => Network.Parameters.All.Select(parameter => parameter.Name);

    /// <summary>Rows of such a network.</summary>
    public static SequenceDataset Dataset(TranslationSpec spec, IEnumerable<TranslationExample> rows)
    {
        var data = new SequenceDataset(spec.Inputs, targets: own => new SequenceTargets(own, spec.Decoder.VocabularySize));
        foreach (TranslationExample row in rows)
            data.Add(row.Source, [.. row.Target.Select(token => (float)token)], row.Weight);
        return data;
    }

    /// <summary>A pass that has read sources and targets.</summary>
    public TranslationPass Load(IReadOnlyList<TranslationExample> batch)
    {
        SequenceDataset data = Dataset(Network.Spec, batch);
        int[] rows = [.. Enumerable.Range(0, batch.Count).OrderByDescending(data.Length)];
        TranslationPass pass = Network.CreatePass();
        pass.Load(data, rows, rows, StepRange.All);
        pass.LoadTargets(data, rows, batch.Sum(row => row.Weight * (row.Target.Length + 1.0)), null);
        return pass;
    }

    /// <summary>The batch's loss, and by parameter its gradients, as the engine finds them.</summary>
    public (double Loss, Dictionary<string, double[,]> Gradients) LossAndGradients(IReadOnlyList<TranslationExample> batch,
        Regularization regularization = default)
    {
        TranslationPass pass = Load(batch);
        foreach (Transposed transposed in Network.PrepareTraining())
            for (int panel = 0; panel < transposed.Panels; panel++)
                transposed.Refresh(Network.Parameters.Values, panel);
        var gradients = new FloatBuffer(Network.Parameters.Length);
        EmbeddingGradients[] tables = Network.CreateEmbeddingGradients();
        double loss = Network.Learn(pass, regularization, gradients, tables);
        foreach (EmbeddingGradients table in tables.Where(table => Network.Parameters.Tables.Contains(table.Tables[0])))
            NetworkRun.AddTableGradients(table, gradients);
        return (loss, Network.Parameters.All.ToDictionary(p => p.Name, p => Matrices.Read(p, gradients)));
    }
}
