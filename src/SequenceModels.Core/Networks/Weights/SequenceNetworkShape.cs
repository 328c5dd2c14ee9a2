using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels;

/// <summary>The shape of a network whose weights come from elsewhere: what a file of weights does not say.</summary>
public sealed class SequenceNetworkShape
{
    /// <summary>The recurrent cell: "RNN" (tanh), "GRU" (reset after the product) or "LSTM".</summary>
    public required string Cell { get; init; }

    /// <summary>
    /// Whether a step is a token key; otherwise it is a frame of numbers. Default: true.
    /// </summary>
    public bool TakesTokens { get; init; } = true;

    /// <summary>
    /// V, tokens in the vocabulary, keys 1 to V; or the numbers in a frame. An embedding of V + 1 rows has a vector for each key
    /// from 0, the unknown token; one of V rows begins at key 1, and unknown tokens have the vector zero.
    /// </summary>
    public required int InputSize { get; init; }

    /// <summary>Length of a token's vector; 0 where tokens enter as one-hot vectors, or of frames. Default: 0.</summary>
    public int EmbeddingSize { get; init; }

    /// <summary>Units in each recurrent layer and direction.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Recurrent layers. Default: 1.</summary>
    public int NumberOfLayers { get; init; } = 1;

    /// <summary>Whether each layer reads sequences in both directions. Default: false.</summary>
    public bool Bidirectional { get; init; }

    /// <summary>
    /// How the states of all steps become one vector; not read where <see cref="EveryStep"/>. Default: Last, in both directions
    /// the state in which each ends: PyTorch's <c>torch.cat([h[-2], h[-1]], 1)</c>.
    /// </summary>
    public SequencePooling Pooling { get; init; }

    /// <summary>Whether each step has an output of its own. Default: false.</summary>
    public bool EveryStep { get; init; }

    /// <summary>What the outputs mean. Default: classes.</summary>
    public SequenceNetworkOutput Output { get; init; }

    /// <summary>Classes, or 1. Default: 1.</summary>
    public int NumberOfOutputs { get; init; } = 1;

    /// <summary>
    /// Whether the output layer has the embedding's weights, of a network that reads V tokens and scores V + 1:
    /// then the file need not have them twice. Default: false.
    /// </summary>
    public bool TiedEmbeddings { get; init; }

    /// <exception cref="ArgumentException">There is no such network.</exception>
    internal EncoderNetworkSpec ToSpec()
    {
        if (RecurrentCells.Find(Cell) is null)
            throw new ArgumentException($"SequenceNetworkShape.Cell is '{Cell}'. It can be " +
                $"{string.Join(", ", RecurrentCells.All.Select(cell => cell.Name))}.");
        Require(InputSize, nameof(InputSize));
        Require(HiddenSize, nameof(HiddenSize));
        Require(NumberOfLayers, nameof(NumberOfLayers));
        Require(NumberOfOutputs, nameof(NumberOfOutputs));
        if (EmbeddingSize < 0 || (EmbeddingSize > 0 && !TakesTokens))
            throw new ArgumentException(
                Invariant($"SequenceNetworkShape.EmbeddingSize is {EmbeddingSize}. It must be 0 of frames, ") +
                "and at least 0 of tokens.");
        var spec = new EncoderNetworkSpec
        {
            Encoder = new EncoderSpec
            {
                Inputs = [TakesTokens ? StepFeature.Tokens(InputSize, EmbeddingSize) : StepFeature.Frames(InputSize)],
                Cell = Cell, HiddenSize = HiddenSize, NumberOfLayers = NumberOfLayers, Bidirectional = Bidirectional,
            },
            Output = new OutputSpec
            {
                Head = Output switch
                {
                    SequenceNetworkOutput.Classes => HeadKind.Softmax,
                    SequenceNetworkOutput.BinaryClass => HeadKind.Sigmoid,
                    SequenceNetworkOutput.Number => HeadKind.Regression,
                    _ => throw new ArgumentException(
                        $"SequenceNetworkShape.Output is {Output}. It can be Classes, BinaryClass or Number."),
                },
                NumberOfOutputs = NumberOfOutputs, EveryStep = EveryStep, Pooling = Pooling, TiedEmbeddings = TiedEmbeddings,
            },
        };
        return spec.Validate() is { } contradiction
            ? throw new ArgumentException($"There is no network of this SequenceNetworkShape: {contradiction}.") : spec;
    }

    private static void Require(int value, string name)
    {
        if (value < 1)
            throw new ArgumentException(Invariant($"SequenceNetworkShape.{name} is {value}. It must be at least 1."));
    }
}
