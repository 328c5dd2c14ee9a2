using System.Net;
using System.Net.Sockets;

namespace SequenceModels.Tests.Interop;

/// <summary>A server of files for a browser on this machine.</summary>
internal sealed class FileServer : IDisposable
{
    private static readonly Dictionary<string, string> s_types = new()
    {
        [".html"] = "text/html", [".js"] = "text/javascript", [".mjs"] = "text/javascript", [".wasm"] = "application/wasm",
    };

    private readonly HttpListener _listener = new();
    private readonly string[] _folders;

    /// <param name="folders">Where files are looked for, the first first.</param>
    public FileServer(params string[] folders)
    {
        _folders = folders;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
        }
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _ = ServeAsync();
    }

    public string Address { get; }

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
            try
            {
                Answer(await _listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
            }
    }

    private void Answer(HttpListenerContext context)
    {
        using HttpListenerResponse response = context.Response;
        string name = context.Request.Url!.AbsolutePath is "/" ? "index.html" : context.Request.Url.AbsolutePath[1..];
        if (_folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is not { } path)
        {
            response.StatusCode = 404;
            return;
        }
        byte[] content = File.ReadAllBytes(path);
        response.ContentType = s_types.GetValueOrDefault(Path.GetExtension(path), "application/octet-stream");
        response.ContentLength64 = content.Length;
        response.OutputStream.Write(content);
    }
}
