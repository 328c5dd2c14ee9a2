using SequenceModels.Kernels;
using Xunit;

namespace SequenceModels.Tests.Kernels;

/// <summary>
/// Tests that change the vector width, which all kernels of the process share: they run alone, one after the other.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public class EveryWidth
{
    public const string Name = "Every vector width";

    /// <summary>In bits, every width of this machine.</summary>
    public static TheoryData<int> Widths => [.. Simd.Widths];

    /// <summary>Runs <paramref name="test"/> at a width and puts the machine's own back.</summary>
    internal static void At(int width, Action test)
    {
        int before = Simd.Width;
        Simd.Width = width;
        try
        {
            test();
        }
        finally
        {
            Simd.Width = before;
        }
    }
}
