using System.Text.Json.Serialization;

namespace SmsGateway.Host.Configuration;

/// <summary>What data_coding 0 means for an account. The number is the data_coding of the model service's table (section 8.4) that stands for the same
/// encoding; UTF-8 has none of its own and is 0.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DefaultEncoding>))]
internal enum DefaultEncoding : byte
{
    [JsonStringEnumMemberName("UTF-8")] Utf8 = 0,
    [JsonStringEnumMemberName("ASCII")] Ascii = 1,
    [JsonStringEnumMemberName("GSM_0338")] Gsm0338 = 2,
    [JsonStringEnumMemberName("ISO8859_1")] Latin1 = 3,
    [JsonStringEnumMemberName("JIS0201")] Jis0201 = 5,
    [JsonStringEnumMemberName("ISO8859_5")] Cyrillic = 6,
    [JsonStringEnumMemberName("ISO8859_8")] Hebrew = 7,
    [JsonStringEnumMemberName("UTF-16")] Utf16 = 8,
    [JsonStringEnumMemberName("ISO2022JP")] Iso2022Jp = 10,
    [JsonStringEnumMemberName("JIS0212")] Jis0212 = 13,
    [JsonStringEnumMemberName("EUC_KR")] EucKr = 14,
}
