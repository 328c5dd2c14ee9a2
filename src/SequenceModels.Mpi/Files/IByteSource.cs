namespace SequenceModels;

/// <summary>Bytes that stand on this rank or on another. One thread reads at a time.</summary>
internal interface IByteSource : IDisposable
{
    /// <summary>Fills a span with the bytes from a place on.</summary>
    /// <exception cref="IOException">Not all can be had; the message says of what, and of which rank.</exception>
    void Read(long start, Span<byte> to);
}
