using System.Diagnostics;
using SequenceModels.Files;
using SequenceModels.Tests.Sequences;
using Xunit;

namespace SequenceModels.Tests;

/// <summary>
/// A file that is written anew stays what it was, is there whole or not at all, and errors name the path that was given.
/// </summary>
public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string In(params string[] names) => Path.Combine([_folder.Name, .. names]);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("real")] // the target beside the link
    [InlineData("./sub/../real")]
    [InlineData("between")] // a link to a link
    [InlineData("through/real")] // a folder that is a link
    [InlineData("through/up")] // a link in a linked folder that leads out of the folder that it really is in
    public void A_link_goes_on_leading_to_its_target_which_is_replaced(string target)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a right there");
        Directory.CreateDirectory(In("sub"));
        Directory.CreateDirectory(In("deep", "er"));
        File.WriteAllText(In("real"), "old");
        File.CreateSymbolicLink(In("between"), "real");
        Directory.CreateSymbolicLink(In("through"), "deep/er");
        if (target == "through/real")
            File.Move(In("real"), In("deep", "er", "real"));
        else if (target == "through/up")
        {
            File.Move(In("real"), In("deep", "real"));
            File.CreateSymbolicLink(In("deep", "er", "up"), "../real");
        }
        File.CreateSymbolicLink(In("link"), target);
        AtomicFile.Write(In("link"), "new");
        Assert.Equal(target, new FileInfo(In("link")).LinkTarget);
        Assert.All(Directory.GetFiles(_folder.Name, "real", SearchOption.AllDirectories), file =>
            Assert.Equal("new", File.ReadAllText(file)));
        Assert.DoesNotContain(Directory.GetFiles(_folder.Name, "*", SearchOption.AllDirectories), name =>
            name.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void A_link_to_nothing_yet_makes_its_target()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a right there");
        File.CreateSymbolicLink(In("link"), "made");
        AtomicFile.Write(In("link"), "new");
        Assert.Equal("new", File.ReadAllText(In("made")));
        Assert.Equal("made", new FileInfo(In("link")).LinkTarget);
    }

    [Fact]
    public void Links_in_a_circle_are_told_as_such()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a right there");
        File.CreateSymbolicLink(In("a"), "b");
        File.CreateSymbolicLink(In("b"), "a");
        string message = Assert.Throws<IOException>(() => AtomicFile.Write(In("a"), "new")).Message;
        Assert.Contains($"'{In("a")}' leads in a circle", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite |
        UnixFileMode.OtherRead)]
    public void The_mode_is_kept(UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
            return;
        File.WriteAllText(In("mine"), "old");
        File.SetUnixFileMode(In("mine"), mode);
        AtomicFile.Write(In("mine"), "new");
        Assert.Equal(mode, File.GetUnixFileMode(In("mine")));
        Assert.Equal("new", File.ReadAllText(In("mine")));
        File.WriteAllText(In("plain"), "");
        AtomicFile.Write(In("fresh"), "");
        Assert.Equal(File.GetUnixFileMode(In("plain")), File.GetUnixFileMode(In("fresh")));
    }

    [Fact]
    public void A_pipe_is_written_to_and_stays_one()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "pipes are no files there");
        using (var make = Process.Start("mkfifo", In("pipe")))
            make.WaitForExit();
        Assert.False(FilePlace.IsOrdinary(In("pipe")));
        string read = "";
        var reader = new Thread(() => read = File.ReadAllText(In("pipe"))) { IsBackground = true };
        reader.Start();
        AtomicFile.Write(In("pipe"), "through");
        Assert.True(reader.Join(TimeSpan.FromSeconds(10)));
        Assert.Equal("through", read);
        Assert.False(FilePlace.IsOrdinary(In("pipe")));
        Assert.Equal([In("pipe")], _folder.Files);
        File.WriteAllText(In("file"), "");
        Assert.True(FilePlace.IsOrdinary(In("file")));
    }

    /// <summary>To open such a pipe for writing waits for its reader, for ever where none comes.</summary>
    [Fact]
    public async Task A_pipe_that_nobody_reads_is_named()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "pipes are no files there");
        using (var make = Process.Start("mkfifo", In("pipe")))
            make.WaitForExit();
        CancellationToken cancel = TestContext.Current.CancellationToken;
        Task writing = Task.Run(() => AtomicFile.Write(In("pipe"), "through"), cancel);
        string message =
            (await Assert.ThrowsAsync<IOException>(() => writing.WaitAsync(TimeSpan.FromMinutes(1), cancel))).Message;
        Assert.StartsWith($"The file '{In("pipe")}' cannot be written: it is a pipe that nobody reads.", message,
            StringComparison.Ordinal);
        Assert.False(FilePlace.IsOrdinary(In("pipe")));
        Assert.Equal([In("pipe")], _folder.Files);
    }

    /// <summary>
    /// The system's own links to what a process has open lead to it, though their text names no path that is there.
    /// </summary>
    [Fact]
    public void An_open_file_whose_name_is_gone_is_written_to()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only there the open files of a process have paths");
        File.WriteAllText(In("file"), "");
        using (var open = new FileStream(In("file"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
        {
            File.Delete(In("file"));
            open.Write("older and longer"u8);
            open.Flush();
            File.CreateSymbolicLink(In("link"), $"/proc/self/fd/{open.SafeFileHandle.DangerousGetHandle()}");
            AtomicFile.Write(In("link"), "new");
            open.Position = 0;
            Assert.Equal("new", new StreamReader(open).ReadToEnd());
            Assert.Equal([In("link")], _folder.Files);
            File.Delete(In("link"));
        }

        using (var make = Process.Start("mkfifo", In("pipe")))
            make.WaitForExit();
        using var pipe = new FileStream(In("pipe"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        File.Delete(In("pipe"));
        AtomicFile.Write($"/proc/self/fd/{pipe.SafeFileHandle.DangerousGetHandle()}", "through");
        byte[] read = new byte[7];
        pipe.ReadExactly(read);
        Assert.Equal("through"u8, read);
        Assert.Empty(_folder.Files);
    }

    [Theory]
    [InlineData("n", 255)]
    [InlineData("\u00e9", 127)] // two bytes each
    [InlineData("\U0001f600", 63)] // four, and two characters
    public void A_name_may_be_as_long_as_the_system_allows(string letter, int letters)
    {
        string path = In(string.Concat(Enumerable.Repeat(letter, letters)));
        AtomicFile.Write(path, "one");
        AtomicFile.Write(path, ".tmp", stream => stream.WriteByte(1));
        Assert.Equal([path], _folder.Files);
    }

    [Fact]
    public void Names_that_begin_alike_have_temporary_names_of_their_own()
    {
        string one = In(new string('n', 254) + "1"), two = In(new string('n', 254) + "2");
        Assert.NotEqual(FilePlace.Beside(one, ".tmp"), FilePlace.Beside(two, ".tmp"));
        Assert.Equal(In("short.tmp"), FilePlace.Beside(In("short"), ".tmp"));
    }

    [Fact]
    public void Errors_name_the_path_that_was_given_and_nothing_is_left_behind()
    {
        string missing = Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.Write(In("none", "x.html"), "")).Message;
        Assert.Contains($"'{In("none", "x.html")}' cannot be written: there is no folder '{In("none")}'", missing,
            StringComparison.Ordinal);
        Directory.CreateDirectory(In("folder"));
        Assert.Contains($"'{In("folder")}' cannot be written: it is a folder",
            Assert.Throws<IOException>(() => AtomicFile.Write(In("folder"), "")).Message,
            StringComparison.Ordinal);
        Directory.Delete(In("folder"));
        File.WriteAllText(In("kept"), "old");
        string full = Assert.Throws<IOException>(() => AtomicFile.Write(In("kept"), stream =>
        {
            stream.WriteByte(1);
            throw new IOException($"No space left on device : '{((FileStream)stream).Name}'");
        })).Message;
        Assert.Equal($"The file '{In("kept")}' cannot be written: No space left on device : '{In("kept")}'", full);
        Assert.Throws<FormatException>(() => AtomicFile.Write(In("kept"), _ => throw new FormatException()));
        Assert.Equal("old", File.ReadAllText(In("kept")));
        Assert.Equal([In("kept")], _folder.Files);
    }
}
