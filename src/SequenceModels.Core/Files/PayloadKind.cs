using System.Text;

namespace SequenceModels.Files;

/// <summary>What the marks of payloads stand for, in the words of the errors about them.</summary>
internal static class PayloadKind
{
    /// <summary>How every file begins that is a zip.</summary>
    private static ReadOnlySpan<byte> Zip => "PK\u0003\u0004"u8;

    /// <summary>A payload that was cut short, altered, or never held what it should.</summary>
    /// <param name="kind">Its mark.</param>
    /// <param name="why">Said of it: "it ...".</param>
    public static InvalidDataException Damaged(string kind, string why) =>
        new($"This is no usable {Words(kind)}: {why}. Save it again, or copy it again from its source.");

    /// <summary>A payload that is sound, but was written for something else.</summary>
    /// <param name="kind">Its mark.</param>
    /// <param name="why">Said of it: "it ...".</param>
    /// <param name="mend">What to do: whole sentences.</param>
    public static InvalidDataException Foreign(string kind, string why, string mend) =>
        new($"This is no usable {Words(kind)}: {why}. {mend}");

    /// <summary>Something that does not begin with the mark.</summary>
    /// <param name="kind">The mark.</param>
    /// <param name="header">What it begins with.</param>
    public static InvalidDataException WrongKind(string kind, ReadOnlySpan<byte> header)
    {
        if (header.StartsWith(Zip))
            return Foreign(kind, "it is a zip file, as ML.NET's models are",
                "Read a whole model with mlContext.Model.Load; its network alone is what " +
                "Model.Network.Save writes and SequenceNetwork.Load reads.");
        string found = Encoding.ASCII.GetString(header[..Math.Min(8, header.Length)]);
        return Kinds.TryGetValue(found, out string? words)
            ? Foreign(kind, $"it is a {words}", $"Give it to the method that reads a {words}.")
            : Foreign(kind, "it does not begin as one", "Give a file that SequenceModels has written.");
    }

    private static string Words(string kind) => Kinds.GetValueOrDefault(kind, $"part of a model ('{kind}')");

    private static readonly Dictionary<string, string> Kinds = new()
    {
        ["SEQNETWK"] = "saved network",
        ["SEQSTATE"] = "saved state of a stepper",
        ["SEQGENER"] = "saved state of a generator",
        ["SEQHEARD"] = "saved state of a transcription",
        ["SEQTAGGR"] = "saved tagger",
        ["SEQTRANS"] = "saved translator",
        ["SEQTSCRB"] = "saved transcriber",
        ["SEQFMODL"] = "saved forecast model",
        ["SEQFSERI"] = "saved state of a forecast model",
        ["SEQFSTAT"] = "saved state of a forecast engine",
        ["SEQCHECK"] = "checkpoint of a training",
    };
}
