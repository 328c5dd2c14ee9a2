using System.Globalization;

namespace SequenceModels.Forecasting;

/// <summary>Products of sizes each of which is legal by itself.</summary>
internal static class ArraySize
{
    /// <summary>How many numbers rows of a size have.</summary>
    /// <exception cref="InvalidOperationException">More than an array can hold.</exception>
    public static int Of(long rows, long size) => Math.BigMul(rows, size, out long low) == 0 && low >= 0 && low <= Array.MaxLength ? (int)low
        : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{rows:N0} times {size:N0} numbers are needed in one piece, more than ") +
            string.Create(CultureInfo.InvariantCulture, $"{Array.MaxLength:N0}. Make the window, the horizon or the number of columns smaller."));
}
