using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>
/// Training really carries memory through time: tasks that no sum of independent steps can solve, on rows never seen.
/// </summary>
public class LearningTests
{
    [Theory]
    [InlineData("RNN")]
    [InlineData("GRU")]
    [InlineData("LSTM")]
    public void It_learns_the_parity_of_bits(string cell)
    {
        NetworkShape spec = Tokens(cell, vocabulary: 2, HeadKind.Sigmoid, outputs: 1);
        SequenceNetwork network = Train(spec, LearningTasks.Parity(2000, seed: 1), epochs: 30);
        Assert.InRange(Accuracy(network, LearningTasks.Parity(500, seed: 2)), 0.98, 1);
    }

    [Theory]
    [InlineData("GRU")]
    [InlineData("LSTM")]
    public void It_remembers_the_first_token_over_25_steps(string cell)
    {
        NetworkShape spec = Tokens(cell, vocabulary: 4, HeadKind.Softmax, outputs: 4);
        SequenceNetwork network = Train(spec, LearningTasks.FirstTokenDecides(1000, seed: 1), epochs: 30);
        Assert.InRange(Accuracy(network, LearningTasks.FirstTokenDecides(500, seed: 2)), 0.98, 1);
    }

    [Theory]
    [InlineData("RNN")]
    [InlineData("GRU")]
    [InlineData("LSTM")]
    public void It_lets_the_last_token_win(string cell)
    {
        NetworkShape spec = Tokens(cell, vocabulary: 4, HeadKind.Softmax, outputs: 4);
        SequenceNetwork network = Train(spec, LearningTasks.LastTokenWins(1000, seed: 1), epochs: 8);
        Assert.InRange(Accuracy(network, LearningTasks.LastTokenWins(500, seed: 2)), 0.98, 1);
    }

    [Theory]
    [InlineData("GRU")]
    [InlineData("LSTM")]
    public void It_adds_the_two_marked_numbers(string cell)
    {
        var spec = new NetworkShape
        {
            Input = StepFeatureKind.Frames, InputSize = 2, Cell = cell, HiddenSize = 32, Head = HeadKind.Regression,
            NumberOfOutputs = 1,
        };
        SequenceNetwork network = Train(spec, LearningTasks.Adding(2000, seed: 1), epochs: 30);
        double error = LearningTasks.Adding(500, seed: 2).Average(e => Math.Pow(network.Score(e.Frames)[0] - e.Label, 2));
        Assert.InRange(error, 0, 0.01);
    }

    private static NetworkShape Tokens(string cell, int vocabulary, HeadKind head, int outputs) => new()
    {
        Input = StepFeatureKind.Tokens, InputSize = vocabulary, Cell = cell, HiddenSize = 24, Head = head,
        NumberOfOutputs = outputs,
    };

    private static SequenceNetwork Train(NetworkShape spec, List<Example> examples, int epochs) => Trainer.Train(
        spec, LearningTasks.Dataset(spec, examples),
        Plain.Options with { NumberOfEpochs = epochs, LearningRate = 5e-3f, NumberOfThreads = 1 }, seed: 1);

    private static double Accuracy(SequenceNetwork network, List<Example> examples) =>
        examples.Average(example => Answer(network.Score(example.Tokens)) == example.Label ? 1.0 : 0);

    private static int Answer(float[] scores) => scores.Length == 1 ? (scores[0] > 0 ? 1 : 0) : scores.IndexOf(scores.Max());
}
