using SequenceModels.Files;

namespace SequenceModels.Networks;

/// <summary>A language model that a network transcribes with.</summary>
/// <param name="Network">Predicts the next token.</param>
/// <param name="StartKey">Begins every text; 0: nothing does.</param>
/// <param name="EndKey">Ends every text; 0: nothing does.</param>
internal sealed record TranscriptionLanguage(SequenceNetwork Network, uint StartKey, uint EndKey)
{
    /// <summary>Why it cannot say anything of so many tokens; null: it can.</summary>
    public static string? Misfit(SequenceNetwork network, int tokens) =>
        NetworkFit.ToContinue(network.Spec, tokens) is { } misfit ? misfit
        : network.Reversed ? "it reads texts from their end" : null;

    public void Write(PayloadWriter writer)
    {
        using var network = new MemoryStream();
        Network.Save(network);
        writer.Write(checked((int)network.Length));
        writer.Write(network.GetBuffer(), 0, (int)network.Length);
        writer.Write(checked((int)StartKey));
        writer.Write(checked((int)EndKey));
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static TranscriptionLanguage Read(PayloadReader reader)
    {
        using MemoryStream block = reader.ReadBlock("the language model");
        SequenceNetwork network = SequenceNetwork.Load(block);
        return new TranscriptionLanguage(network, (uint)reader.ReadInt32("the start token", 0, network.InputSize),
            (uint)reader.ReadInt32("the end token", 0, network.InputSize));
    }
}
