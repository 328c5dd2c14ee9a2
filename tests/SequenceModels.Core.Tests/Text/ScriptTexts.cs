namespace SequenceModels.Tests.Sequences;

/// <summary>Texts in many scripts, composed and decomposed, and random ones of their pieces.</summary>
internal static class ScriptTexts
{
    private static readonly string[] Pieces =
    [
        "The cat's", "sat", ", ", "CAF\u00c9", "e\u0301te\u0301", "a\u0301\u0323", "q\u0307\u0323x", "\u212b\u212b",
            "\u0130I\u0131",
        "\u1112\u1161\u11ab\u1100\u1173\u11af", "\ud55c\uae00", "\ud558\u11ab", "\u0915\u093c\u094d\u0937\u093f", "\u0958",
        "\u09c7\u09be",
        "\u0e01\u0e33\u0e48", "\u0628\u0651\u064e", "\u05d1\u05bc\u05b8", "\U0001F469\u200d\U0001F469\u200d\U0001F467",
        "\U0001F1E9\U0001F1F0",
        "\U0001F44D\U0001F3FD", "\U0001d15e", "\U00010400\U00010428", "\u6771\u4eac", "\uf900", "\u0344", "\u2ADC", "\r\n",
        "\t", "  ", " ",
        "\u00a0", "\u3000", "99km", "!?", "$+=", "\ufb01", "\u00a8", "\u200b", "\ud83d", "\udc00", "'ll", "\u0301",
        "\u1161", "\u11a8",
    ];

    public static IEnumerable<string> All => [.. Pieces, string.Join(' ', Pieces), string.Concat(Pieces), "", .. Random(300)];

    private static IEnumerable<string> Random(int count)
    {
        var random = new Random(5);
        for (int i = 0; i < count; i++)
            yield return string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => Pieces[random.Next(Pieces.Length)]));
    }
}
