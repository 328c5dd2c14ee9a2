using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Xunit;

namespace SequenceModels.Tests.Interop;

/// <summary>A page in Chromium, which shows no window. Spoken to by the DevTools protocol.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private const string Listening = "DevTools listening on ";

    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(2);

    private readonly string _profile = Directory.CreateTempSubdirectory("SequenceModels-browser-").FullName;
    private readonly Process _process;
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _limit = new(s_longest);
    private int _lastCall;

    private BrowserPage(string address) => _process = Process.Start(new ProcessStartInfo(Tools.Chromium,
    [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions",
        "--remote-debugging-port=0", $"--user-data-dir={_profile}", address,
    ])
    { RedirectStandardError = true })!;

    public static async Task<BrowserPage> OpenAsync(string address)
    {
        var page = new BrowserPage(address);
        try
        {
            await page.ConnectAsync(address);
            return page;
        }
        catch
        {
            await page.DisposeAsync();
            throw;
        }
    }

    /// <summary>The value of an expression of JavaScript, or what the promise that it is gives.</summary>
    public async Task<JsonElement> EvaluateAsync(string expression)
    {
        JsonElement result = await CallAsync("Runtime.evaluate", new { expression, awaitPromise = true, returnByValue = true });
        Assert.False(result.TryGetProperty("exceptionDetails", out JsonElement error), $"{expression}: {error}");
        return result.GetProperty("result").TryGetProperty("value", out JsonElement value) ? value : default;
    }

    /// <summary>Waits until an expression is true.</summary>
    public async Task WaitForAsync(string condition)
    {
        while ((await EvaluateAsync($"!!({condition})")).ValueKind != JsonValueKind.True)
            await Task.Delay(20, _limit.Token);
    }

    /// <summary>Types a text where the page's cursor is.</summary>
    public Task TypeAsync(string text) => CallAsync("Input.insertText", new { text });

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _limit.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        for (int tries = 0; Directory.Exists(_profile); tries++)
            try
            {
                Directory.Delete(_profile, recursive: true);
            }
            catch (IOException) when (tries < 100)
            {
                await Task.Delay(20); // another process of the browser's writes its last
            }
    }

    private async Task ConnectAsync(string address)
    {
        string? line;
        do
            line = await _process.StandardError.ReadLineAsync(_limit.Token);
        while (line is not null && !line.StartsWith(Listening, StringComparison.Ordinal));
        Assert.NotNull(line);
        _ = _process.StandardError.ReadToEndAsync(); // else the browser waits for a reader
        using var client = new HttpClient();
        Uri browser = new(line[Listening.Length..]);
        JsonElement page;
        do
            page = (await client.GetFromJsonAsync<JsonElement>($"http://{browser.Authority}/json/list", _limit.Token))
                .EnumerateArray()
                .FirstOrDefault(target => target.GetProperty("url").GetString()!.StartsWith(address, StringComparison.Ordinal));
        while (page.ValueKind == JsonValueKind.Undefined);
        await _socket.ConnectAsync(new Uri(page.GetProperty("webSocketDebuggerUrl").GetString()!), _limit.Token);
    }

    private async Task<JsonElement> CallAsync(string method, object parameters)
    {
        int id = ++_lastCall;
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(new { id, method, @params = parameters }),
            WebSocketMessageType.Text, endOfMessage: true, _limit.Token);
        byte[] buffer = new byte[1 << 20];
        while (true)
        {
            int length = 0;
            ValueWebSocketReceiveResult part;
            do
                length += (part = await _socket.ReceiveAsync(buffer.AsMemory(length), _limit.Token)).Count;
            while (!part.EndOfMessage);
            JsonElement message = JsonDocument.Parse(buffer.AsMemory(0, length)).RootElement;
            if (message.TryGetProperty("id", out JsonElement answered) && answered.GetInt32() == id)
                return message.TryGetProperty("result", out JsonElement result) ? result
                    : throw new InvalidOperationException($"{method}: {message}");
        }
    }
}
