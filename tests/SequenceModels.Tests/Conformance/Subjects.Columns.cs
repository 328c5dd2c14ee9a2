using Microsoft.ML.Data;

namespace SequenceModels.Tests.Conformance;

internal static partial class Subjects
{
    private static TestColumn Text => TestColumn.Texts("Text", "The cat sat", "", "the DOG", "a cat, the cat!",
        "\ud55c\uae00 cat");

    private static TestColumn Keys => TestColumn.Keys("Keys", 5, [1, 0, 5], [], [2], [3, 3, 0, 4, 1], [0, 0]);

    private static TestColumn Hot => TestColumn.Numbers("Hot", [0, 3], [0, 1, 0, 0, 0, 0], [], [1, 0, 0], [0, 0, 1, 0, 0, 1],
        [0, 1, 0]).AsOneHot();

    /// <summary>Words, a one-hot step and a number for each of <see cref="Keys"/>.</summary>
    private static TestColumn Words => TestColumn.Of("Words", new VectorDataViewType(TextDataViewType.Instance),
        [.. new[] { "cat a Cat", "", "\ud55c", "a b a cat \ud55c", "x x" }
        .Select(text => text == "" ? default : Split(text))]);

    private static TestColumn Steps =>
        TestColumn.Numbers("Steps", [0, 2], [0, 1, 0, 0, 1, 0], [], [1, 0], [0, 1, 0, 1, 0, 1, 1, 0, 0, 0], [0, 0, 0, 1])
        .AsOneHot();

    private static TestColumn Numbers => TestColumn.Numbers("Numbers", [], [1, 0, 2.5f], [], [3], [5, 0, 7, 0, 1], [0, 1]);

    private static TestColumn Frames => TestColumn.Numbers("Frames", [0, 2], [1, 0, 0, 4], [], [0, 2.5f], [1, 2, 3, 4, 5, 6],
        [0, 0]);

    private static TestColumn Flat => TestColumn.Numbers("Flat", [6], [1, 0, 0, 4, 0, 6], [0, 0, 0, 0, 0, 0], [9, 8, 7, 6, 5, 4],
        [1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 1]);

    private static TestColumn Ragged => TestColumn.Numbers("Ragged", [], [1, 0, 0], [], [0], [5, 0, 7, 0, 0, 0], [0, 1]);

    private static TestColumn Chords => TestColumn.Numbers("Chords", [0, 2], [1, 1, 0, 1], [], [0, 1], [1, 0, 1, 1, 0, 0],
        [0, 0, 1, 1]);

    private static TestColumn ClassLabel => Keys with
    {
        Declared = new("Label", new KeyDataViewType(typeof(uint), 5), Keys.Declared.Annotations),
        Values = new uint[] { 1, 2, 3, 1, 5 },
    };

    private static TestColumn BooleanLabel => TestColumn.Of("Label", BooleanDataViewType.Instance, true, false, true, true,
        false);

    private static TestColumn NumberLabel => TestColumn.Of("Label", NumberDataViewType.Single, 1f, -2, 0.5f, 3, 0);

    private static VBuffer<ReadOnlyMemory<char>> Split(string text)
    {
        ReadOnlyMemory<char>[] tokens = [.. text.Split(' ').Select(token => token.AsMemory())];
        return new(tokens.Length, tokens);
    }
}
