using SequenceModels.Transforms;
using Xunit;

namespace SequenceModels.Tests.Transforms;

public class TextOrderTests
{
    public static TheoryData<string[], string, string> Wrong => new()
    {
        { ["1", "2", "9", "10"], "10", "2" },
        { ["-1", "-2"], "-1", "-2" },
        { [" 9", "10", "8.5"], "10", "8.5" },
        { ["1e3", "20"], "1e3", "20" },
        { ["9,5", "10,5"], "10,5", "9,5" },
        { ["1,500", "900", "10,000"], "10,000", "900" },
        { ["2/1/2024", "10/1/2024"], "10/1/2024", "2/1/2024" },
        { ["01/02/2024", "02/01/2024"], "01/02/2024", "02/01/2024" }, // as days and months, or months and days
        { ["31.01.2024", "01.02.2024", "15.03.2024"], "15.03.2024", "31.01.2024" },
        { ["Jan 2024", "Feb 2024"], "Feb 2024", "Jan 2024" },
        { ["2024-1-9", "2024-1-10"], "2024-1-10", "2024-1-9" },
        { ["9:30", "10:00"], "10:00", "9:30" },
        { ["1:30 PM", "9:00 AM"], "1:30 PM", "9:00 AM" },
        { ["2024-01-01T12:00:00+09:00", "2024-01-01T11:00:00Z"], "2024-01-01T11:00:00Z", "2024-01-01T12:00:00+09:00" },
        { ["week 9", "week 10"], "week 10", "week 9" },
        { ["2024-W9", "2024-W10", ""], "2024-W10", "2024-W9" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Numbers_and_dates_in_the_order_of_their_text_are_found(string[] texts, string first, string second)
    {
        TextOrder.Fault? fault = TextOrder.FirstFault([.. texts.Order(StringComparer.Ordinal)]);
        Assert.Equal((first, second), (fault?.First, fault?.Second));
    }

    [Theory]
    [InlineData("1", "2", "9")]
    [InlineData("001", "002", "010")]
    [InlineData("0.5", "1.25", "1.5")]
    [InlineData("2024-01-31", "2024-02-01", "2025-01-01")]
    [InlineData("2024-01-31T23:59:59", "2024-02-01T00:00:00")]
    [InlineData("20240131", "20240201")]
    [InlineData("2024-W09", "2024-W10")]
    [InlineData("09:30", "10:00")]
    [InlineData("first", "second", "10")] // neither numbers nor dates
    [InlineData("a9", "b10", "a10")]
    [InlineData("10")]
    [InlineData("", " ")]
    [InlineData]
    public void What_sorts_alike_either_way_is_no_fault(params string[] texts) =>
        Assert.Null(TextOrder.FirstFault([.. texts.Order(StringComparer.Ordinal)]));
}
