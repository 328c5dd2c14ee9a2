using SequenceModels.Scoring;
using Xunit;

namespace SequenceModels.Tests.Trainers;

public class PoolWorkTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public void Each_task_is_done_once_and_all_before_the_return(int tasks)
    {
        for (int round = 0; round < 200; round++)
        {
            int[] done = new int[tasks];
            int before = 0;
            PoolWork.Run(tasks, task => Interlocked.Increment(ref done[task]), before: () => before++);
            Assert.Equal(1, before);
            Assert.All(done, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void Other_threads_begin_while_the_caller_is_busy()
    {
        if (Environment.ProcessorCount == 1)
            return;
        using var begun = new ManualResetEventSlim();
        PoolWork.Run(2, _ => begun.Set(), before: () =>
            Assert.True(begun.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken)));
    }

    [Fact]
    public void More_callers_than_the_pool_has_threads_get_their_tasks_done()
    {
        ThreadPool.GetMinThreads(out int threads, out _);
        int done = 0;
        Parallel.For(0, 8 * threads, _ => PoolWork.Run(20, _ => Interlocked.Increment(ref done), before: () => Thread.Sleep(5)));
        Assert.Equal(8 * threads * 20, done);
    }

    [Fact]
    public void An_error_of_the_callers_own_part_leaves_nothing_undone()
    {
        int done = 0;
        Assert.Throws<TimeoutException>(() =>
            PoolWork.Run(50, _ => Interlocked.Increment(ref done), before: () => throw new TimeoutException()));
        Assert.Equal(50, done);
    }
}
