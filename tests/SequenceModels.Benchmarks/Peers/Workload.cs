namespace SequenceModels.Benchmarks.Peers;

/// <summary>What one step of a sequence is.</summary>
internal enum StepInput { OneHot, Embedding, Frame }

/// <summary>
/// What the network says: a class at every step, the classes of all steps together (a CRF), tokens that nobody has dealt to the
/// steps (CTC), or a yes or no or a number after the last step.
/// </summary>
internal enum OutputKind { ClassPerStep, ClassChain, Tokens, Binary, Number }

/// <summary>The shape of a recurrent network and of a batch of sequences, all T steps long.</summary>
/// <param name="Name">Names the workload on the command line.</param>
/// <param name="Title">What it is, in a few words.</param>
/// <param name="Cell">RNN, GRU or LSTM.</param>
/// <param name="Input">What a step is.</param>
/// <param name="InputSize">Tokens in the vocabulary, or numbers in a frame.</param>
/// <param name="EmbeddingSize">Length of a token's vector; 0 without an embedding.</param>
/// <param name="HiddenSize">H, units in each layer and direction.</param>
/// <param name="Layers">Recurrent layers.</param>
/// <param name="Bidirectional">Whether each layer reads both ways.</param>
/// <param name="Steps">T.</param>
/// <param name="Batch">B, sequences.</param>
/// <param name="Output">What the network says.</param>
/// <param name="Outputs">Classes, or tokens and the blank, or 1.</param>
internal sealed record Workload(string Name, string Title, string Cell, StepInput Input, int InputSize, int EmbeddingSize,
    int HiddenSize, int Layers, bool Bidirectional, int Steps, int Batch, OutputKind Output, int Outputs)
{
    /// <summary>
    /// Of every training. So small that the network stays near its first weights however often it meets its batches:
    /// once it knew them by heart, gradients would be subnormal numbers, with which processors are many times slower.
    /// </summary>
    public const float LearningRate = 1e-6f;

    /// <summary>Whether a call is one step that goes on from the state of the call before.</summary>
    public bool Streaming { get; init; }

    /// <summary>Whether ours scores with 8-bit weights; theirs have floats.</summary>
    public bool EightBit { get; init; }

    /// <summary>
    /// Whether tokens occur as words do in text, the r-th most frequent 1/r as often as the first; otherwise all equally often.
    /// </summary>
    public bool WordsOfText { get; init; }

    /// <summary>What writes the translation of a sequence; null: nothing does, and the network says what Output tells.</summary>
    public TranslationShape? Translation { get; init; }

    public int Tokens => Steps * Batch;

    /// <summary>Tokens that a training step learns from: those of both sides, where there are two.</summary>
    public int LearnedTokens => Tokens + Batch * (Translation?.Steps ?? 0);

    /// <summary>
    /// Batches that a training goes through again and again: so many that most words of a batch were not in the one before, and
    /// yet were learned from.
    /// </summary>
    public const int Batches = 16;

    /// <summary>[T, B] a batch of tokens, from 0; the same for everyone who asks.</summary>
    /// <param name="batch">Which.</param>
    public long[] DrawTokens(int batch = 0)
    {
        var random = new Random(1 + batch);
        double all = HarmonicNumber(InputSize);
        return [.. Enumerable.Range(0, Tokens)
            .Select(_ => WordsOfText ? Word(random.NextDouble() * all) : random.Next(InputSize))];
    }

    /// <summary>Tokens in a label, where that is what the network says.</summary>
    public const int LabelTokens = 20;

    /// <summary>Whether each step has outputs.</summary>
    public bool HasStepOutputs => Output is OutputKind.ClassPerStep or OutputKind.ClassChain or OutputKind.Tokens;

    public int Directions => Bidirectional ? 2 : 1;

    public int Gates => Cell switch { "LSTM" => 4, "GRU" => 3, _ => 1 };

    /// <summary>Length of the vectors that enter the first recurrent layer.</summary>
    public int FirstInput => Input == StepInput.Embedding ? EmbeddingSize : InputSize;

    /// <summary>
    /// Floating-point operations in the matrix products of scoring one batch. A one-hot input needs no product: it picks a row.
    /// Sums over the class sequences of a CRF, and over the alignments of CTC, are not counted.
    /// </summary>
    public double ScoringFlops
    {
        get
        {
            double perToken = 0;
            for (int layer = 0; layer < Layers; layer++)
            {
                int input = layer > 0 ? HiddenSize * Directions : Input == StepInput.OneHot ? 0 : FirstInput;
                perToken += 2.0 * Directions * Gates * HiddenSize * (input + HiddenSize);
            }
            double output = 2.0 * Directions * HiddenSize * Outputs;
            return perToken * Tokens + (Translation is { } shape
                ? (double)Batch * shape.Steps * shape.BeamSize * shape.FlopsPerStep(Steps, Directions * HiddenSize)
                : output * (HasStepOutputs ? Tokens : Batch));
        }
    }

    /// <summary>
    /// Training has three products for each one of scoring: forward, gradient of the data, gradient of the weights.
    /// </summary>
    public double TrainingFlops => 3 * ScoringFlops;

    /// <summary>The word at which the sum of 1/r passes <paramref name="sum"/>.</summary>
    private long Word(double sum)
    {
        int word = 0;
        for (double passed = 1; passed < sum && word < InputSize - 1; passed += 1.0 / (word + 1))
            word++;
        return word;
    }

    private static double HarmonicNumber(int n) => Enumerable.Range(1, n).Sum(r => 1.0 / r);
}
