using System.Globalization;

namespace FlowRL.Files;

/// <summary>
/// A file that a run appends to and can do without. What cannot be written, as on a full disk, is told once, kept, and written when that is possible
/// again; a file that is taken away or changed is told at once. Nothing here ends a run. Not thread-safe.
/// </summary>
internal sealed class LogFile : IDisposable
{
    private const int MostKept = 1 << 26;

    private readonly string _path;
    private readonly Action<string> _say;
    private readonly MemoryStream _kept = new();
    private FileStream? _file;
    private long _length;
    private long _lost;
    private bool _isFailing;

    /// <param name="path">The file, in a folder that is there: one that was taken away is not made again. Where it exists, it is added to.</param>
    /// <param name="say">Told what is wrong, in sentences.</param>
    public LogFile(string path, Action<string> say)
    {
        (_path, _say) = (path, say);
        Write();
    }

    /// <summary>Hands bytes to the system, so that a kill of the process loses none.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_kept.Length + bytes.Length <= MostKept) _kept.Write(bytes);
        else _lost += bytes.Length;
        Write();
    }

    public void Dispose()
    {
        if (_kept.Length > 0) Write();
        _lost += _kept.Length;
        if (_lost > 0) _say(string.Create(CultureInfo.InvariantCulture, $"{_path} lacks {_lost} bytes that could not be written."));
        _file?.Dispose();
    }

    private void Write()
    {
        try
        {
            Open();
            _file!.Write(_kept.GetBuffer(), 0, (int)_kept.Length);
            _length += _kept.Length;
            _kept.SetLength(0);
            if (_isFailing) _say($"{_path} can be written again.");
            _isFailing = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Cut();
            if (!_isFailing)
                _say($"{_path} cannot be written ({e.Message.TrimEnd('.')}); the run goes on, and what belongs there is kept to be written later.");
            _isFailing = true;
        }
    }

    private void Open()
    {
        var there = new FileInfo(_path);
        if (_file is not null && there.Exists && there.Length == _length) return;
        if (_file is not null)
        {
            _say(there.Exists ? $"{_path} was changed by something else; the run adds to what is there now."
                : $"{_path} is gone, and what it held is lost; it begins anew.");
            _file.Dispose();
            _file = null;
        }
        _file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        _length = _file.Position;
    }

    // Of what was begun, so that readers find whole lines only.
    private void Cut()
    {
        try
        {
            _file?.SetLength(_length);
        }
        catch (IOException)
        {
            // The next attempt writes over it.
        }
    }
}
