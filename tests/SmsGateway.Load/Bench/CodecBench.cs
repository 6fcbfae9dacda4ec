using System.Buffers;
using System.Globalization;
using System.Net;
using SmsGateway.Load.Cli;
using SmsGateway.Load.Journal;
using SmsGateway.Load.Smpp;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Wire;

namespace SmsGateway.Load.Bench;

/// <summary>Mode <c>bench-codec</c> (L0): one submit_sm and its response encoded, cut out of a buffer and decoded, on one thread.</summary>
internal static class CodecBench
{
    private const int Batch = 1000;

    public static int Run(Arguments arguments, TimeProvider time)
    {
        TimeSpan duration = arguments.Seconds("--seconds", 5);
        arguments.NoneLeft();
        var maker = new MessageMaker(new SmppLoadOptions { Targets = [new DnsEndPoint("localhost", 2775)] }, new Marker("bench"));
        SubmitSm submit = maker.Make(123_456);
        var response = new SubmitSmResp { MessageId = "m2345678901234567890123456" };
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"one thread of {Environment.ProcessorCount} CPUs; submit_sm of {PduCodec.Length(submit)} octets, submit_sm_resp of {PduCodec.Length(response)}"));
        Measure("warm-up", submit, response, TimeSpan.FromSeconds(1), time);
        Measure("submit_sm + submit_sm_resp", submit, response, duration, time);
        return 0;
    }

    private static void Measure(string name, Pdu request, Pdu response, TimeSpan duration, TimeProvider time)
    {
        var buffer = new ArrayBufferWriter<byte>(1 << 20);
        long pdus = 0;
        long start = time.GetTimestamp();
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        while (time.GetElapsedTime(start) < duration)
        {
            buffer.ResetWrittenCount();
            for (uint i = 1; i <= Batch; i++)
            {
                PduCodec.Encode(buffer, request, i);
                PduCodec.Encode(buffer, response, i);
            }

            var octets = new ReadOnlySequence<byte>(buffer.WrittenMemory);
            while (PduFramer.TryReadFrame(ref octets, 66_000, out ReadOnlySequence<byte> frame))
            {
                if (PduCodec.Decode(frame).Status != CommandStatus.Ok)
                    throw new InvalidOperationException("decoded something else");
                pdus++;
            }
        }

        double seconds = time.GetElapsedTime(start).TotalSeconds;
        long bytes = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"  {name,-28} {pdus / seconds,12:F0} PDUs/s encoded and decoded   {(double)bytes / pdus,6:F0} bytes allocated per PDU"));
    }
}
