using SequenceModels.Sequences;
using Xunit;

namespace SequenceModels.Tests.Sequences;

public unsafe class DistinctTokensTests
{
    [Fact]
    public void Each_token_is_listed_once_in_the_order_of_first_occurrence_and_found_again_by_every_row()
    {
        var distinct = new DistinctTokens(vocabularySize: 9);
        // what one batch leaves must not reach the next
        foreach (uint[] rows in (uint[][])[[4, 0, 4, 9], [], [9, 9, 1], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]])
        {
            distinct.Find(rows);
            Assert.Equal(rows.Distinct(), distinct.Tokens.ToArray());
            for (int row = 0; row < rows.Length; row++)
                Assert.Equal(rows[row], distinct.Tokens[distinct.Index[row]]);
        }
    }
}
