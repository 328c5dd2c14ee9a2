using SequenceModels.Files;
using SequenceModels.Networks;

namespace SequenceModels.Tagging;

/// <summary>The file of a tagger: the names of its tags, and its network.</summary>
internal static class TaggerFile
{
    private const string Kind = "SEQTAGGR";
    private const int Version = 2;

    public static void Write(SequenceTagger tagger, Stream stream) => SealedPayload.Write(stream, Kind, Version, writer =>
    {
        writer.Write(tagger.Tags.Count);
        foreach (string tag in tagger.Tags)
            writer.Write(tag);
        writer.Write(tagger.Bioes is not null);
        using var network = new MemoryStream();
        tagger.Network.Save(network);
        writer.Write(checked((int)network.Length));
        writer.Write(network.GetBuffer(), 0, (int)network.Length);
    });

    public static SequenceTagger Read(Stream stream) => SealedPayload.Read(stream, Kind, Version, reader =>
    {
        string[] tags = new string[reader.ReadCount("the number of tags", 1)];
        for (int i = 0; i < tags.Length; i++)
            tags[i] = reader.ReadString();
        bool areLearnedAsBioes = reader.ReadBoolean();
        int classes = !areLearnedAsBioes ? tags.Length
            : TagScheme.Of(tags).AsBioes()?.Count ?? throw reader.Invalid("its tags are not of BIO");
        using MemoryStream block = reader.ReadBlock("the network");
        SequenceNetwork network = SequenceNetwork.Load(block);
        return NetworkFit.ToTag(network.Spec, classes) is { } misfit
            ? throw reader.Invalid($"the network does not fit the tags: {misfit}")
            : new SequenceTagger(network, tags, areLearnedAsBioes);
    });
}
