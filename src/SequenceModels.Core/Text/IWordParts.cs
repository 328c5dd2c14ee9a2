namespace SequenceModels.Text;

/// <summary>The parts by which words are read, and their keys 1..V. Safe to share between threads.</summary>
internal interface IWordParts
{
    /// <summary>V.</summary>
    int Count { get; }

    /// <summary>Puts the keys of a word's parts in place of what the list held; 0 stands for a part that is not known.</summary>
    void Find(ReadOnlySpan<char> word, List<uint> keys);

    /// <summary>The form in which a word is read: composed (NFC), without invisible characters.</summary>
    static ReadOnlySpan<char> Normalize(ReadOnlySpan<char> word) =>
        TextNormalizer.Normalize(word, TextForm.Composed | TextForm.Visible);
}
