using SequenceModels.Networks;
using SequenceModels.Sequences;
using Xunit;

namespace SequenceModels.Tests.Networks;

public class SequenceTranscriberTests
{
    private static readonly int[] s_lengths = [9, 0, 4, 17, 1];

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Rows_read_together_get_what_each_gets_alone(int beamSize)
    {
        SequenceTranscriber transcriber = Create(beamSize);
        var data = new SequenceDataset(transcriber.Network.Spec.Inputs);
        float[][] rows = [.. s_lengths.Select(Frames)];
        foreach (float[] row in rows)
            data.Add(row, label: 0);
        int[] order = [.. Enumerable.Range(0, rows.Length).OrderByDescending(data.Length)];
        TranscribedSequence[][] together = transcriber.CreatePass().Transcribe(data, order, transcriber.Search, 1, () => { });
        for (int k = 0; k < order.Length; k++)
            AssertSame(transcriber.Transcribe(rows[order[k]])[0], together[k][0]);
    }

    [Fact]
    public void What_is_heard_step_by_step_is_what_is_found_in_the_whole()
    {
        SequenceTranscriber transcriber = Create(beamSize: 1, bidirectional: false);
        TranscriptionStepper stepper = transcriber.CreateStepper();
        float[] frames = Frames(60);
        TranscriptionState state = stepper.CreateState(), copy = state.Copy();
        int heard = 0;
        for (int t = 0; t < 60; t++)
        {
            heard += stepper.Step(state, frames.AsSpan(2 * t, 2));
            TranscribedSequence whole = transcriber.Transcribe(frames.AsSpan(0, 2 * (t + 1)))[0];
            Assert.Equal(whole.Tokens, state.Tokens);
            Assert.Equal(whole.Times, state.Times);
            Assert.Equal(heard, state.Tokens.Count);
            Assert.Equal(t + 1, state.NumberOfSteps);
        }
        Assert.InRange(heard, 2, 59);
        Assert.Equal(heard, stepper.Step(copy, frames));
        Assert.Equal(state.Tokens, copy.Tokens);
    }

    [Fact]
    public void A_network_that_reads_from_the_end_has_no_stepper()
    {
        NotSupportedException error = Assert.Throws<NotSupportedException>(() => Create(1).CreateStepper());
        Assert.Contains("Bidirectional = false", error.Message);
    }

    [Fact]
    public void A_loaded_transcriber_is_the_saved_one()
    {
        SequenceTranscriber transcriber = Create(beamSize: 3);
        using var file = new MemoryStream();
        transcriber.Save(file);
        file.Position = 0;
        SequenceTranscriber loaded = SequenceTranscriber.Load(file);
        Assert.Equal(transcriber.Search, loaded.Search);
        AssertSame(transcriber.Transcribe(Frames(20))[0], loaded.Transcribe(Frames(20))[0]);
        Assert.Equal(2, loaded.NumberOfTokens);
    }

    [Fact]
    public void Options_choose_the_search_and_are_checked()
    {
        SequenceTranscriber transcriber = Create(beamSize: 1);
        Assert.Equal(3, transcriber.Transcribe(Frames(30), new() { BeamSize = 8, NumberOfAnswers = 3 }).Count);
        foreach ((string name, TranscribingOptions options) in new (string, TranscribingOptions)[]
        {
            ("BeamSize", new() { BeamSize = 0 }), ("NumberOfAnswers", new() { NumberOfAnswers = 2 }),
            ("LanguageModelWeight", new() { LanguageModelWeight = -1 }), ("LengthBonus", new() { LengthBonus = float.NaN }),
        })
            Assert.Contains($"TranscribingOptions.{name}",
                Assert.Throws<ArgumentOutOfRangeException>(() => transcriber.Transcribe(Frames(3), options)).Message);
        Assert.Throws<InvalidOperationException>(() => transcriber.Transcribe([1u, 2]));
    }

    private static SequenceTranscriber Create(int beamSize, bool bidirectional = true) =>
        new(new SequenceNetwork(PrefixBeamSearchTests.Network(bidirectional, seed: 3)),
            new TranscriptionSearch { BeamSize = beamSize });

    private static float[] Frames(int steps)
    {
        var random = new Random(steps);
        return [.. Enumerable.Range(0, 2 * steps).Select(_ => 8 * random.NextSingle() - 4)];
    }

    private static void AssertSame(TranscribedSequence expected, TranscribedSequence actual)
    {
        Assert.Equal(expected.Tokens, actual.Tokens);
        Assert.Equal(expected.Times, actual.Times);
        Assert.Equal((expected.LogProbability, expected.Score), (actual.LogProbability, actual.Score));
    }
}
