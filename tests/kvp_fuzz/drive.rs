//! How a body is run on any toolchain: shortly, and always alike.

/// Marsaglia's generator of 64 bits; the seed is fixed, so that a failure comes again.
pub struct Xorshift(u64);

impl Xorshift {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[4]
    }

    pub fn below(&mut self, count: usize) -> usize {
        (self.next() >> 32) as usize % count.max(1)
    }
}

/// Shows the input of a broken law.
struct Shown<'a>(&'a [u8]);

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let end = self.0.len().min(256);
            eprintln!("{} bytes: {:02x?}", self.0.len(), &self.0[..end]);
        }
    }
}

pub fn run(body: fn(&[u8]), input: &[u8]) {
    let _shown = Shown(input);
    body(input);
}

/// Each file as it is, cut and changed; the byte before it takes the way that reads it as it is.
pub fn damaged(body: fn(&[u8]), files: &[Vec<u8>], times: usize) {
    let mut random = Xorshift(0x2545_F491_4F6C_DD1D);
    for file in files {
        let mut input = vec![0];
        input.extend(file);
        run(body, &input);
        for end in [1, 2, input.len() / 2, input.len() - 1] {
            run(body, &input[..end.min(input.len())]);
        }
        for _ in 0..times {
            let end = 1 + random.below(input.len());
            run(body, &input[..end]);
            // Near the begin as often as anywhere: headers, sizes, the first text.
            let within = match random.below(2) {
                0 => input.len(),
                _ => input.len().min(64),
            };
            let at = 1 + random.below(within - 1);
            let Some(byte) = input.get_mut(at) else {
                continue;
            };
            let before = *byte;
            *byte = match random.below(3) {
                0 => before ^ 1 << random.below(8),
                1 => [0, 1, 0x7F, 0x80, 0xFF][random.below(5)],
                _ => random.byte(),
            };
            run(body, &input);
            input[at] = before;
        }
    }
}

/// Every way to make an input, of bytes that are mostly small: they are choices.
pub fn made(body: fn(&[u8]), kinds: usize, times: usize) {
    let mut random = Xorshift(0x9E37_79B9_7F4A_7C15);
    for round in 0..times {
        for kind in 1..kinds {
            let mut input = vec![u8::try_from(kind).unwrap()];
            let mask = [0x07, 0x1F, 0xFF][round % 3];
            let most = [40, 400, 2000][random.below(3)];
            let count = random.below(most);
            input.extend((0..count).map(|_| random.byte() & mask));
            run(body, &input);
        }
    }
}
