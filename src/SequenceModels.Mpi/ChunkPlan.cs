namespace SequenceModels;

/// <summary>Numbers that are cut into chunks.</summary>
internal readonly unsafe struct ChunkPlan(float* numbers, int length, int chunkLength)
{
    public float* Start(int chunk) => numbers + (long)chunk * chunkLength;

    public int Bytes(int chunk) => sizeof(float) * (int)Math.Min(chunkLength, length - (long)chunk * chunkLength);
}
