using SequenceModels.Files;
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
    public void A_saved_stream_goes_on_where_it_stood()
    {
        SequenceTranscriber transcriber = Create(beamSize: 1, bidirectional: false);
        TranscriptionStepper stepper = transcriber.CreateStepper();
        float[] frames = Frames(60);
        for (int stop = 0; stop <= 60; stop++)
        {
            TranscriptionState state = stepper.CreateState();
            stepper.Step(state, frames.AsSpan(0, 2 * stop));
            using var file = new MemoryStream();
            state.Save(file);
            file.WriteByte(7); // what follows is somebody else's
            file.Position = 0;
            TranscriptionState loaded = Create(beamSize: 1, bidirectional: false).CreateStepper().LoadState(file);
            Assert.Equal(file.Length - 1, file.Position);
            stepper.Step(state, frames.AsSpan(2 * stop));
            stepper.Step(loaded, frames.AsSpan(2 * stop));
            Assert.Equal(state.Tokens, loaded.Tokens);
            Assert.Equal(state.Times, loaded.Times);
            Assert.Equal(60, loaded.NumberOfSteps);
        }
    }

    [Theory]
    [InlineData(3, false, 1, 0, 2, "its tokens were heard in 3 steps, and the network has had 4")]
    [InlineData(4, false, 99, 0, 2, "it has heard token 99, where keys are 1 to")]
    [InlineData(4, false, 0, 0, 2, "it has heard token 0, where keys are 1 to")]
    [InlineData(4, false, 1, 3, 2, "token 1 was heard in 2 steps from step 3, between steps 0 and 4")]
    [InlineData(4, false, 1, -1, 2, "token 1 was heard in 2 steps from step -1")]
    [InlineData(4, false, 1, 2, 0, "token 1 was heard in 0 steps")]
    [InlineData(4, false, 1, 2, 2, "its last token goes on, or does not")]
    [InlineData(4, true, 1, 1, 2, "its last token goes on, or does not")]
    public void A_state_that_contradicts_itself_is_refused(int steps, bool goesOn, int token, int first, int count, string why)
    {
        TranscriptionStepper stepper = Create(beamSize: 1, bidirectional: false).CreateStepper();
        TranscriptionState state = stepper.CreateState();
        stepper.Step(state, Frames(4));
        using var file = new MemoryStream();
        SealedPayload.Write(file, "SEQHEARD", 1, writer =>
        {
            state.Network.Write(writer);
            writer.Write(steps);
            writer.Write(goesOn);
            foreach (int number in new[] { 1, token, first, count })
                writer.Write(number);
        });
        file.Position = 0;
        Assert.Contains(why, Assert.Throws<InvalidDataException>(() => stepper.LoadState(file)).Message);
    }

    [Fact]
    public void A_state_of_another_network_is_refused()
    {
        TranscriptionStepper stepper = Create(beamSize: 1, bidirectional: false).CreateStepper(),
            other = Create(beamSize: 1, bidirectional: false, seed: 4).CreateStepper();
        using var file = new MemoryStream();
        stepper.CreateState().Save(file);
        file.Position = 0;
        Assert.Contains("a state of another network", Assert.Throws<InvalidDataException>(() => other.LoadState(file)).Message);
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

    private static SequenceTranscriber Create(int beamSize, bool bidirectional = true, int seed = 3) =>
        new(new SequenceNetwork(PrefixBeamSearchTests.Network(bidirectional, seed)),
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
