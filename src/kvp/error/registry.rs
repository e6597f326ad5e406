//! Exports of a registry.

/// Why an entry of a `.reg` export, or the whole file, cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("line {line}, byte {at}: {fault}")]
pub struct RegistryError {
    /// The line of the fault, from 1.
    pub line: usize,
    /// The byte of the fault, from 0, in the file as it is: a character of UTF-16 has 2 or 4.
    pub at: usize,
    /// What is wrong.
    pub fault: RegistryFault,
}

/// What is wrong with an entry of a `.reg` export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum RegistryFault {
    /// No header `Windows Registry Editor Version 5.00` or `REGEDIT4`, as in an empty file, in UTF-16
    /// without a mark or in UTF-8 with one. Nothing of the file is read.
    #[error("no header of a registry export")]
    Header,
    /// A line that is no key, value or comment, as in `Status=Ready`.
    #[error("neither a key nor a value nor a comment")]
    NotAnEntry,
    /// A key without its bracket, as in `[HKEY_LOCAL_MACHINE\SOFTWARE`. The values after it belong to
    /// nobody.
    #[error("the key has no closing bracket")]
    KeyNotClosed,
    /// A name or a text without its closing quote, as in `"Status"="Ready`.
    #[error("the quoted text does not end")]
    NotClosed,
    /// A name without `=`, as in `"Status" "Ready"`.
    #[error("no equals sign after the name")]
    NoEqualsSign,
    /// Something that is no value after `=`, as in `"Status"=Ready`, `"a"=hex(:00` or nothing at all.
    #[error("not a value")]
    NoValue,
    /// More than a comment after the value, as in `"Status"="Ready" now` or `"a"="b"c"`.
    #[error("more text after the value")]
    TextAfterValue,
    /// A backslash before something else than a backslash or a quote, as in `"C:\temp"`.
    #[error("a backslash that escapes nothing")]
    Escape,
    /// Digits that are missing, too many or not hexadecimal, as in `dword:` or `hex:0g`.
    #[error("not hexadecimal digits")]
    Digits,
    /// A backslash at the end of the line, and no line that goes on.
    #[error("the value does not go on after the backslash")]
    NotContinued,
    /// A `hex` list that is no item's value by its length.
    #[error("more than {max} bytes")]
    TooLong {
        /// The bytes that are read.
        max: usize,
    },
    /// A type that no item has, as in `hex:01` (binary, 3) or `hex(7):` (several texts).
    #[error("no item has values of type {0}")]
    Type(u32),
    /// A number that has not the bytes of its type, as in `hex(b):01,02`.
    #[error("the number has {got} bytes, its type {needed}")]
    Size {
        /// The bytes of the list.
        got: usize,
        /// The bytes of the type.
        needed: usize,
    },
    /// A byte above 0x7F in 8-bit text: which character it is depends on the machine's code page.
    #[error("a byte above 0x7F in 8-bit text has no known code page")]
    CodePage,
    /// Half of a surrogate pair.
    #[error("half of a surrogate pair")]
    UnpairedSurrogate,
    /// A NUL within a text.
    #[error("a NUL within a text")]
    Nul,
    /// UTF-16 that ends within a unit.
    #[error("half of a UTF-16 unit")]
    OddByte,
}
