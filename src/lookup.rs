//! Tables that are only ever looked up, so that their order decides nothing.

use std::collections::BTreeMap;

/// A table by keys that are hashes already, or short names.
#[allow(clippy::disallowed_types)]
pub type Lookup<K, V> = std::collections::HashMap<K, V, Hashed>;

/// A quick hasher. Nobody chooses our keys so as to make them collide: it would cost time alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hashed(u64);

impl std::hash::BuildHasher for Hashed {
    type Hasher = Hashed;

    fn build_hasher(&self) -> Hashed {
        Hashed(0)
    }
}

impl std::hash::Hasher for Hashed {
    fn write(&mut self, bytes: &[u8]) {
        let mut words = bytes.chunks_exact(8);
        for word in &mut words {
            self.write_u64(u64::from_le_bytes(word.try_into().expect("eight bytes")));
        }
        let rest = words.remainder().iter();
        self.write_u64(rest.fold(0, |word, &byte| word << 8 | u64::from(byte)));
    }

    fn write_u8(&mut self, number: u8) {
        self.write_u64(u64::from(number));
    }

    fn write_u16(&mut self, number: u16) {
        self.write_u64(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(29) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
}

/// A row for each name.
#[derive(Debug)]
pub struct Named<T> {
    places: Lookup<String, usize>,
    rows: Vec<T>,
}

impl<T> Default for Named<T> {
    fn default() -> Self {
        Named {
            places: Lookup::default(),
            rows: Vec::new(),
        }
    }
}

impl<T: Default> Named<T> {
    /// The row of a name.
    pub fn row(&mut self, name: &str) -> &mut T {
        let place = match self.places.get(name) {
            Some(&place) => place,
            None => {
                self.places.insert(name.to_owned(), self.rows.len());
                self.rows.push(T::default());
                self.rows.len() - 1
            }
        };
        &mut self.rows[place]
    }

    /// All rows, by name.
    pub fn finish(self) -> BTreeMap<String, T> {
        let mut rows: Vec<Option<T>> = self.rows.into_iter().map(Some).collect();
        let named = self.places.into_iter();
        let named = named.filter_map(|(name, place)| Some((name, rows[place].take()?)));
        named.collect()
    }
}
