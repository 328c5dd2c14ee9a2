using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

public class WorkerThreadsTests
{
    /// <summary>
    /// Jobs of very different sizes follow each other at once: a thread that is late from one must not take from the next.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_task_of_every_job_runs_exactly_once(int threads)
    {
        using var workers = new WorkerThreads(threads);
        int[] runs = new int[64], busy = new int[threads];
        int collisions = 0;
        for (int job = 0; job < 30_000; job++)
        {
            int tasks = job % 2 == 0 ? 2 : 2 + job % 60;
            workers.Run(tasks, (task, thread) =>
            {
                if (Interlocked.Increment(ref busy[thread]) != 1)
                    Interlocked.Increment(ref collisions);
                Thread.SpinWait(task % 4 * 10);
                Interlocked.Increment(ref runs[task]);
                Interlocked.Decrement(ref busy[thread]);
            });
            for (int task = 0; task < runs.Length; task++)
            {
                if (runs[task] != (task < tasks ? 1 : 0))
                    Assert.Fail($"job {job} of {tasks} tasks: task {task} ran {runs[task]} times");
                runs[task] = 0;
            }
        }
        Assert.Equal(0, collisions); // what belongs to a thread's number must never be used by two at once
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_failure_is_thrown_to_the_caller_and_the_team_works_on(int threads)
    {
        using var workers = new WorkerThreads(threads);
        var error = Assert.Throws<InvalidOperationException>(() => workers.Run(8, (task, _) =>
        {
            if (task == 5)
                throw new InvalidOperationException("task 5");
        }));
        Assert.Equal("task 5", error.Message);
        int sum = 0;
        workers.Run(10, (task, _) => Interlocked.Add(ref sum, task));
        Assert.Equal(45, sum);
    }
}
