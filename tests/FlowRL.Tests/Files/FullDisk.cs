using FlowRL.Files;

namespace FlowRL.Tests.Files;

/// <summary>A disk with little space: the file that needs more gets as far as it can, then the write fails as the kernel's does.</summary>
internal sealed class FullDisk(long freeBytes) : Disk
{
    public override Stream Create(string path) => new Limited(base.Create(path), freeBytes);

    private sealed class Limited(Stream inner, long free) : Stream
    {
        private long _free = free;

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => inner.Length;
        public override long Position { get => inner.Position; set => throw new NotSupportedException(); }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            inner.Write(buffer[..(int)Math.Min(_free, buffer.Length)]);
            _free -= buffer.Length;
            if (_free < 0) throw new IOException("No space left on device");
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
        public override void Flush() => inner.Flush();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
