using SequenceModels.Cells;
using SequenceModels.Files;
using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Parameters;
using SequenceModels.Sequences;
using SequenceModels.Tests.Layers;
using SequenceModels.Tests.Reference;
using SequenceModels.Text;
using Xunit;

namespace SequenceModels.Tests.Heads;

/// <summary>
/// A conditional random field at the end of a network: its gradients, scores and decisions, and its place in the file.
/// </summary>
public class CrfOutputLayerTests
{
    private const int Vocabulary = 5, Tags = 3;

    /// <summary>Excludes 0 1, 2 2 and a 2 at the start: the labels of <see cref="GradientCheck"/> have none of these.</summary>
    private static CrfConstraints Constraints { get; } =
        new(new[,] { { true, false, true }, { true, true, true }, { true, true, false } }, [true, true, false],
            [true, true, true]);

    [Fact]
    public void Gradients_with_constraints_are_those_of_the_textbook()
    {
        foreach (RecurrentCell cell in RecurrentCells.All)
        {
            NetworkShape spec = GradientCheck.Spec(cell.Name, layers: 1, bidirectional: true, Steps.EmbeddedTokens,
                SequencePooling.Last, HeadKind.Crf);
            GradientCheck.Check(spec with { EveryStep = true, Constraints = Constraints });
        }
    }

    /// <summary>Of the first sequence the second label is missing, of the third all but one, of the last none.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Where_labels_are_missing_all_tags_are_possible(bool constrained)
    {
        NetworkShape spec = Spec() with { Constraints = constrained ? Constraints : null };
        float[][] labels = [[0, float.NaN, 1, 2], [1, 0], [float.NaN, float.NaN, 1], [2, 1, 1]];
        if (constrained)
            labels[3] = [1, 2, 1];
        List<Example> batch = [.. labels.Select((each, i) =>
            new Example([.. each.Select((_, t) => (uint)(1 + (i + t) % Vocabulary))], null, 0, 1 + i % 2) { StepLabels = each })];
        var run = new NetworkRun(spec);
        var textbook = new ReferenceNetwork(spec, run.Weights);
        (double loss, Dictionary<string, double[,]> gradients) = run.LossAndGradients(batch);
        Assert.Equal(textbook.Loss(batch), loss, 1e-6);
        foreach (string name in run.ParameterNames)
            FiniteDifferences.AssertGradient(name, run.Weights[name], () => textbook.Loss(batch), gradients[name]);
    }

    [Fact]
    public void Without_transitions_it_is_a_softmax_at_each_step()
    {
        List<Example> batch = [.. Sequences(6).Select((tokens, i) => new Example(tokens, null, 0, 1 + i % 2)
        {
            StepLabels = [.. tokens.Select((_, t) => (float)((i + t * t) % Tags))],
        })];
        var chain = new NetworkRun(Spec());
        var softmax = new NetworkRun(Spec() with { Head = HeadKind.Softmax });
        foreach (Parameter parameter in chain.Network.Layers.Parameters.All)
            Matrices.Write(parameter, chain.Network.Layers.Parameters.Values, softmax.ParameterNames.Contains(parameter.Name)
                ? softmax.Weights[parameter.Name] : new double[parameter.Rows, parameter.Units]);
        (double expected, Dictionary<string, double[,]> expectedGradients) = softmax.LossAndGradients(batch);
        (double loss, Dictionary<string, double[,]> gradients) = chain.LossAndGradients(batch);
        Assert.Equal(expected, loss, 1e-6);
        foreach (string name in softmax.ParameterNames)
            Matrices.AssertAgree(name, expectedGradients[name], gradients[name]);
        foreach ((Prediction one, Prediction other) in Predict(softmax.Network.Layers, Sequences(6))
            .Zip(Predict(chain.Network.Layers, Sequences(6))))
        {
            Assert.Equal(one.Decisions, other.Decisions);
            for (int i = 0; i < one.Scores.Length; i++)
                Assert.Equal(one.Scores[i], other.Scores[i], 1e-5);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Scores_are_marginals_and_decisions_the_likeliest_sequence(bool constrained)
    {
        NetworkShape spec = Spec() with { Constraints = constrained ? Constraints : null };
        var run = new NetworkRun(spec);
        var textbook = new ReferenceNetwork(spec, run.Weights);
        var chain = ChainReference.Of(run.Weights, spec.Constraints);
        uint[][] sequences = Sequences(8);
        Prediction[] predictions = Predict(run.Network.Layers, sequences);
        bool pathIsNotOfLargestScores = false;
        for (int i = 0; i < sequences.Length; i++)
        {
            double[][] outputs = textbook.AllOutputs(new Example(sequences[i], null, 0)), marginals = chain.Marginals(outputs);
            Assert.Equal(chain.Likeliest(outputs), predictions[i].Decisions.Select(tag => (int)tag));
            for (int t = 0; t < outputs.Length; t++)
            {
                float[] scores = predictions[i].Scores[(t * Tags)..((t + 1) * Tags)];
                pathIsNotOfLargestScores |= Array.IndexOf(scores, scores.Max()) != predictions[i].Decisions[t];
                for (int k = 0; k < Tags; k++)
                    Assert.Equal(marginals[t][k], scores[k], 1e-5);
            }
        }
        Assert.True(pathIsNotOfLargestScores, "nothing tells the two apart");
    }

    [Fact]
    public void A_sequence_has_the_same_bits_alone_and_in_any_batch()
    {
        // Outputs of several panels.
        NetworkShape spec = Spec() with { HiddenSize = 20, NumberOfOutputs = 70 };
        EncoderNetwork layers = new NetworkRun(spec).Network.Layers;
        uint[][] sequences = Sequences(19);
        Prediction[] alone = [.. sequences.Select(tokens => Predict(layers, [tokens])[0])], together = Predict(layers, sequences);
        Assert.Equal(alone.Select(p => p.Scores), together.Select(p => p.Scores));
        Assert.Equal(alone.Select(p => p.Decisions), together.Select(p => p.Decisions));
        Assert.Equal(alone.Reverse().Select(p => p.Scores), Predict(layers, [.. sequences.Reverse()]).Select(p => p.Scores));
    }

    [Fact]
    public void Sequences_without_steps_have_no_loss_and_teach_nothing()
    {
        var run = new NetworkRun(Spec());
        Assert.Equal([[], []], Predict(run.Network.Layers, [[], []]).Select(p => p.Decisions));
        Example empty = new([], null, 0) { StepLabels = [] }, one = new([1, 2], null, 0) { StepLabels = [0, 2] };
        Assert.Equal(run.LossAndGradients([one]).Loss, run.LossAndGradients([one, empty, empty]).Loss);
        (double loss, Dictionary<string, double[,]> gradients) = run.LossAndGradients([empty]);
        Assert.Equal(0, loss);
        Assert.All(gradients.Values, gradient => Assert.All(gradient.Cast<double>(), value => Assert.Equal(0, value)));
    }

    [Fact]
    public void Transitions_begin_at_zero()
    {
        var layers = new EncoderNetwork(Spec(), FrameTransform.None, LabelTransform.None);
        layers.Parameters.Allocate();
        layers.Initialize(seed: 1);
        Parameter[] own =
            [.. layers.Parameters.All.Where(parameter => parameter.Name.StartsWith("crf", StringComparison.Ordinal))];
        Assert.Equal([(ChainReference.Transitions, 9L), (ChainReference.Start, 3L), (ChainReference.End, 3L)],
            own.Select(parameter => (parameter.Name, parameter.LogicalLength)));
        Assert.All(own, parameter =>
            Assert.All(Matrices.Read(parameter, layers.Parameters.Values).Cast<double>(), value => Assert.Equal(0, value)));
    }

    [Fact]
    public void It_is_the_same_when_loaded_constraints_included()
    {
        foreach (CrfConstraints? constraints in new[] { null, Constraints })
        {
            SequenceNetwork network = new NetworkRun(Spec() with { Constraints = constraints }).Network;
            byte[] file = Bytes(network);
            SequenceNetwork loaded = SequenceNetwork.Load(new MemoryStream(file));
            Assert.Equal(network.Spec, loaded.Spec);
            Assert.Equal(constraints, loaded.Spec.Output.Constraints);
            Assert.Equal(Predict(network.Layers, Sequences(6)).Select(p => p.Scores), Predict(loaded.Layers, Sequences(6))
                .Select(p => p.Scores));
            Assert.Equal(Predict(network.Layers, Sequences(6)).Select(p => p.Decisions), Predict(loaded.Layers, Sequences(6))
                .Select(p => p.Decisions));
            Assert.Equal(file, Bytes(loaded));
        }
    }

    [Fact]
    public void A_file_cut_short_or_altered_anywhere_is_refused()
    {
        byte[] whole = Bytes(new NetworkRun(Spec() with { Constraints = Constraints }).Network);
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] altered = [.. whole];
            altered[at] ^= 1;
            Assert.Throws<InvalidDataException>(() => SequenceNetwork.Load(new MemoryStream(altered)));
            Assert.Throws<InvalidDataException>(() => SequenceNetwork.Load(new MemoryStream(whole[..at])));
        }
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        NetworkShape spec = Spec();
        Refused(spec with { EveryStep = false }, "every step");
        Refused(spec with { NumberOfOutputs = 5000 }, "5000");
        Refused(spec with { Head = HeadKind.Softmax, Constraints = Constraints }, "only a CRF");
        Refused(spec with { NumberOfOutputs = 4, Constraints = Constraints }, "3 tags where there are 4");
        Assert.Contains("such a tag", Assert.Throws<ArgumentException>(() =>
            new CrfConstraints(new[,] { { true, true }, { true, false } }, [false, true], [true, true])).Message,
                StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new CrfConstraints(new bool[2, 3], [true, true], [true, true]));

        static void Refused(NetworkShape spec, string what) => Assert.Contains(what, Assert.Throws<ArgumentException>(() =>
            new EncoderNetwork(spec, FrameTransform.None, LabelTransform.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constraints_in_a_file_must_leave_a_way()
    {
        byte[] excludesAll = new byte[3 * 3 + 3 + 3], leavesAWay = [1, .. excludesAll[1..9], 1, 0, 0, 1, 0, 0];
        Assert.Contains("exclude every sequence", Assert.Throws<InvalidDataException>(() => Read(excludesAll)).Message,
            StringComparison.Ordinal);
        Assert.Contains("ends in the constraints", Assert.Throws<InvalidDataException>(() => Read(leavesAWay[1..])).Message,
            StringComparison.Ordinal);
        Assert.True(Read(leavesAWay).Allows(0, 0));

        static CrfConstraints Read(byte[] bytes) => CrfConstraints.Read(new PayloadReader(bytes, "SEQNETWK", 1), tags: 3);
    }

    [Fact]
    public void The_first_violation_of_constraints_is_found()
    {
        Assert.Null(Constraints.FindViolation([]));
        Assert.Null(Constraints.FindViolation([0, 2, 1, 1, 2]));
        Assert.Equal(new ChainViolation(0, null, 2), Constraints.FindViolation([2, 2]));
        Assert.Equal(new ChainViolation(3, 2, 2), Constraints.FindViolation([0, 0, 2, 2]));
        Assert.Equal(new ChainViolation(1, 0, 1), Constraints.FindViolation([0, 1, 2, 2]));
        var noEnd = new CrfConstraints(new[,] { { true, true }, { true, true } }, [true, true], [true, false]);
        Assert.Equal(new ChainViolation(2, 1, null), noEnd.FindViolation([1, 0, 1]));
        Assert.Null(noEnd.FindViolation([1, 1, 0]));
        const float Missing = float.NaN;
        Assert.Null(Constraints.FindViolation([Missing, 1, 1, Missing]));
        Assert.Null(Constraints.FindViolation([0, Missing, 1]));
        Assert.Equal(new ChainViolation(3, 2, 2), Constraints.FindViolation([Missing, 1, 2, 2]));
        var inTurns = new CrfConstraints(
            new[,] { { false, true, false }, { true, false, false }, { true, true, true } }, [true, true, true],
            [true, true, true]);
        Assert.Null(inTurns.FindViolation([0, Missing, 0]));
        Assert.Equal(new ChainViolation(2, 0, 1), inTurns.FindViolation([0, Missing, 1]));
    }

    [Fact]
    public void Constraints_are_compared_by_what_they_say()
    {
        CrfConstraints same = new(new[,] { { true, false, true }, { true, true, true }, { true, true, false } },
            [true, true, false], [true, true, true]);
        CrfConstraints other = new(new[,] { { true, false, true }, { true, true, true }, { true, true, false } },
            [true, true, false], [true, true, false]);
        Assert.Equal(Constraints, same);
        Assert.Equal(Constraints.GetHashCode(), same.GetHashCode());
        Assert.Equal(Constraints.ToString(), same.ToString());
        Assert.NotEqual(Constraints, other);
        Assert.NotEqual(Constraints.ToString(), other.ToString());
    }

    private static Prediction[] Predict(EncoderNetwork layers, uint[][] sequences)
    {
        var data = new SequenceDataset([StepFeature.Tokens(Vocabulary, 0)]);
        foreach (uint[] tokens in sequences)
            data.Add(tokens, label: 0);
        EncoderPass workspace = layers.CreatePass();
        int[] rows = [.. Enumerable.Range(0, sequences.Length).OrderByDescending(data.Length)];
        workspace.Batch.Pack(data, rows, numbers: rows, FrameTransform.None);
        float[] decisions = new float[workspace.Batch.Rows];
        layers.Predict(workspace, decisions);
        var predictions = new Prediction[rows.Length];
        for (int k = 0; k < rows.Length; k++)
        {
            int[] steps = [.. Enumerable.Range(0, workspace.Batch.Length(k)).Select(t => workspace.Batch.Offset(t) + k)];
            predictions[rows[k]] =
                new([.. steps.SelectMany(row => workspace.ScoresOf(row).ToArray())], [.. steps.Select(row => decisions[row])]);
        }
        return predictions;
    }

    /// <summary>Of 0 to 6 steps.</summary>
    private static uint[][] Sequences(int count)
    {
        var random = new Random(4);
        return [.. Enumerable.Range(0, count)
            .Select(i => Enumerable.Range(0, (i + 3) % 7).Select(_ => (uint)random.Next(Vocabulary + 1)).ToArray())];
    }

    private static byte[] Bytes(SequenceNetwork network)
    {
        using var stream = new MemoryStream();
        network.Save(stream);
        return stream.ToArray();
    }

    private static NetworkShape Spec() => new()
    {
        Input = StepFeatureKind.Tokens, InputSize = Vocabulary, Cell = "GRU", HiddenSize = 3, Bidirectional = true,
        EveryStep = true,
        Head = HeadKind.Crf, NumberOfOutputs = Tags,
    };

    private sealed record Prediction(float[] Scores, float[] Decisions);
}
