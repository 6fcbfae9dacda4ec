namespace SmsGateway.Smpp.Text;

/// <summary>How the octets of a message are read as text: the alphabets of the model service's data_coding table.</summary>
public enum Alphabet
{
    /// <summary>UTF-8, the factory meaning of data_coding 0 towards clients.</summary>
    Utf8,

    /// <summary>ASCII, data_coding 1.</summary>
    Ascii,

    /// <summary>GSM 03.38 unpacked, data_coding 2; what most carriers mean by 0.</summary>
    Gsm0338,

    /// <summary>ISO 8859-1, data_coding 3.</summary>
    Latin1,

    /// <summary>JIS X 0201, data_coding 5.</summary>
    JisX0201,

    /// <summary>ISO 8859-5, data_coding 6.</summary>
    Cyrillic,

    /// <summary>ISO 8859-8, data_coding 7.</summary>
    Hebrew,

    /// <summary>UTF-16 big-endian, data_coding 8.</summary>
    Utf16,

    /// <summary>ISO-2022-JP, data_coding 10.</summary>
    Iso2022Jp,

    /// <summary>JIS X 0212, data_coding 13.</summary>
    JisX0212,

    /// <summary>EUC-KR, data_coding 14.</summary>
    EucKr,

    /// <summary>No text: octets, data_coding 4, an extension of this gateway.</summary>
    Binary,
}
