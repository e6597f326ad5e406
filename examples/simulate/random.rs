//! Random numbers that are the same for the same seed on every machine and with every version:
//! SplitMix64 of Steele, Lea and Flood, with whole numbers only.

/// The state, from which all numbers follow.
pub struct Random(pub u64);

impl Random {
    /// The numbers of a seed; another `stream` of the same seed has nothing to do with the first.
    pub fn new(seed: u64, stream: u64) -> Self {
        Self(Self(Self(seed).number() ^ stream).number())
    }

    /// Any number of 64 bits.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// 0 to `end` - 1; 0 where `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        let wide = u128::from(self.number()) * u128::from(end);
        u64::try_from(wide >> 64).unwrap_or_default()
    }

    /// True so many times in a million.
    pub fn chance(&mut self, parts_per_million: u32) -> bool {
        self.below(1_000_000) < u64::from(parts_per_million)
    }
}
