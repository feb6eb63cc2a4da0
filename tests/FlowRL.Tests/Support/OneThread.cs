using System.Runtime.CompilerServices;
using FlowRL.Numerics;

namespace FlowRL.Tests.Support;

/// <summary>Tensors of tests are tiny, and test classes run side by side: more than one thread each would only get in the way.</summary>
internal static class OneThread
{
    [ModuleInitializer]
    internal static void Set() => NativeRuntime.Initialize(threads: 1);
}
