using System.Net;

namespace SequenceModels;

/// <summary>Where a rank is asked for its bytes, and what must be shown for them.</summary>
/// <param name="Host">The machine's name.</param>
/// <param name="Port">Where it listens.</param>
/// <param name="Greeting">What the rank says first, by which it is known.</param>
/// <param name="Secret">What is to be shown then.</param>
/// <param name="Addresses">The machine's; one of them may lead there from another machine.</param>
internal sealed record RankAddress(string Host, int Port, byte[] Greeting, byte[] Secret, IPAddress[] Addresses)
{
    /// <summary>Bytes of a greeting, and of a secret.</summary>
    public const int GreetingLength = 16, SecretLength = 32;

    public static RankAddress Read(BinaryReader reader) => new(reader.ReadString(), reader.ReadInt32(),
        reader.ReadBytes(GreetingLength), reader.ReadBytes(SecretLength),
        [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => new IPAddress(reader.ReadBytes(reader.ReadInt32())))]);

    public void Write(BinaryWriter writer)
    {
        writer.Write(Host);
        writer.Write(Port);
        writer.Write(Greeting);
        writer.Write(Secret);
        writer.Write(Addresses.Length);
        foreach (IPAddress address in Addresses)
        {
            byte[] bytes = address.GetAddressBytes();
            writer.Write(bytes.Length);
            writer.Write(bytes);
        }
    }
}
