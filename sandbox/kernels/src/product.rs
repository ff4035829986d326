//! Products of matrices.
//!
//! Theory of operation. A tile of the result, 4 rows by two vectors of the processor's,
//! is kept in registers while one pass over the summed index adds to it. What a tile
//! needs is packed before: 4 rows of A side by side, and the columns of B that belong to
//! the tile, so that the pass reads one value after the other. Blocks of A and panels of
//! B are as large as the caches like, whatever the sizes of the matrices: the memory that
//! packing takes has a bound.
//!
//! Every element is summed in the order of the summed index, one rounded product after
//! the other: a row of a batch gets the bits of the same row alone. Where the summed
//! index is cut into blocks, the sums wait in the result; in between they are rounded no
//! further, since what waits has their own type.

use std::ops::Range;

use crate::memory::{Number, OutOfBounds};

/// Rows of a tile.
const ROWS: usize = 4;
/// Rows of A that are packed at a time.
const BLOCK_ROWS: usize = 128;
/// With fewer rows than these in a block, packing B would cost more than it gives.
const FEW_ROWS: usize = 8;
/// Steps of the summed index that are packed at a time.
const BLOCK_DEPTH: usize = 256;

/// A matrix in the memory: where its first element is, in bytes, and how far it is from
/// row to row and from column to column, in elements. Steps may be 0.
#[derive(Clone, Copy, Debug)]
pub struct Matrix {
    pub start: u32,
    pub row_step: u32,
    pub column_step: u32,
}

impl Matrix {
    fn check<T: Number>(&self, rows: u32, columns: u32, length: usize) -> Result<(), OutOfBounds> {
        if rows == 0 || columns == 0 {
            return Ok(());
        }
        let far = |count: u32, step: u32| u128::from(count - 1) * u128::from(step);
        let last = far(rows, self.row_step) + far(columns, self.column_step);
        let end = u128::from(self.start) + (last + 1) * T::SIZE as u128;
        (end <= length as u128).then_some(()).ok_or(OutOfBounds)
    }

    /// How many pieces of the memory the matrix lies in: 1 where its elements are side by
    /// side, one for each row or column where only those are, else one for each element.
    fn pieces(&self, rows: u32, columns: u32) -> u128 {
        if rows == 0 || columns == 0 {
            return 0;
        }
        match (self.row_step, self.column_step) {
            (row, 1) if row == columns => 1,
            (1, column) if column == rows => 1,
            (_, 1) => rows.into(),
            (1, _) => columns.into(),
            _ => u128::from(rows) * u128::from(columns),
        }
    }

    /// Where an element that is in the memory begins.
    #[inline(always)]
    fn at<T: Number>(&self, row: usize, column: usize) -> usize {
        let step = row * self.row_step as usize + column * self.column_step as usize;
        self.start as usize + step * T::SIZE
    }

    #[inline(always)]
    fn read<T: Number>(&self, memory: &[u8], row: usize, column: usize) -> T {
        let at = self.at::<T>(row, column);
        T::read(&memory[at..at + T::SIZE])
    }
}

/// C = A·B: A has `rows` × `depth` elements, B `depth` × `columns`, C `rows` × `columns`.
/// What stands in C before is not read; where `depth` is 0 it becomes 0.
#[derive(Clone, Copy, Debug)]
pub struct Product {
    pub rows: u32,
    pub columns: u32,
    pub depth: u32,
    pub a: Matrix,
    pub b: Matrix,
    pub c: Matrix,
}

impl Product {
    /// How much there is to do, in units of one product of two float64: 8 for each row,
    /// step of the summed index and tile of 8 float64 or 16 float32 columns (be the last
    /// one full or not), 4 for each element of the three matrices, and 64 for each piece
    /// of the memory that they lie in, since it may be far from the last one. What would
    /// overflow is the largest number.
    pub fn work_f64(&self) -> u64 {
        self.work(8)
    }

    /// See [`Self::work_f64`].
    pub fn work_f32(&self) -> u64 {
        self.work(16)
    }

    fn work(&self, tile_columns: u32) -> u64 {
        let [rows, columns, depth] = [self.rows, self.columns, self.depth].map(u128::from);
        let tiles = u128::from(self.columns.div_ceil(tile_columns));
        // At most 2^96 and 3 · 2^64.
        let products = rows * depth * tiles * 8;
        let elements = rows * depth + depth * columns + rows * columns;
        let pieces = self.a.pieces(self.rows, self.depth)
            + self.b.pieces(self.depth, self.columns)
            + self.c.pieces(self.rows, self.columns);
        u64::try_from(products + 4 * elements + 64 * pieces).unwrap_or(u64::MAX)
    }

    fn check<T: Number>(&self, length: usize) -> Result<(), OutOfBounds> {
        self.a.check::<T>(self.rows, self.depth, length)?;
        self.b.check::<T>(self.depth, self.columns, length)?;
        self.c.check::<T>(self.rows, self.columns, length)
    }
}

/// Adds to `sums`, in columns `from` to `from + WIDTH` of the tile, the products of packed
/// rows of A and what `b` gives for each step of the summed index.
#[inline(always)]
fn add<T: Number, const HEIGHT: usize, const COLUMNS: usize, const WIDTH: usize>(
    a: &[[T; HEIGHT]],
    b: impl Fn(usize) -> [T; WIDTH],
    from: usize,
    sums: &mut [[T; COLUMNS]; HEIGHT],
) {
    let mut running = [[T::default(); WIDTH]; HEIGHT];
    for (running, sums) in running.iter_mut().zip(&*sums) {
        running.copy_from_slice(&sums[from..from + WIDTH]);
    }
    for (k, a) in a.iter().enumerate() {
        let right = b(k);
        for row in 0..HEIGHT {
            for column in 0..WIDTH {
                running[row][column] = running[row][column] + a[row] * right[column];
            }
        }
    }
    for (running, sums) in running.iter().zip(sums) {
        sums[from..from + WIDTH].copy_from_slice(running);
    }
}

/// Where in C a tile lies, and how many of its columns are in C.
struct Place {
    row: usize,
    column: usize,
    columns: usize,
    /// Whether sums wait in C from blocks before, and whether none come after.
    waiting: bool,
    last: bool,
}

/// The columns of B that belong to a tile.
enum Panel<'a, T, const COLUMNS: usize> {
    Packed(&'a [[T; COLUMNS]]),
    /// Side by side as they lie in the memory: the first one's place, and how far it is
    /// to the next row, in bytes.
    InPlace(usize, usize),
}

/// One tile, from packed rows of A.
#[inline(always)]
fn tile<T: Number, const HEIGHT: usize, const COLUMNS: usize, const WIDTH: usize>(
    memory: &mut [u8],
    c: &Matrix,
    place: &Place,
    a: &[[T; HEIGHT]],
    b: &Panel<T, COLUMNS>,
) {
    let mut sums = [[T::default(); COLUMNS]; HEIGHT];
    if place.waiting {
        for (row, sums) in sums.iter_mut().enumerate() {
            for (column, sum) in sums[..place.columns].iter_mut().enumerate() {
                *sum = c.read(memory, place.row + row, place.column + column);
            }
        }
    }
    for from in (0..COLUMNS).step_by(WIDTH) {
        match *b {
            Panel::Packed(rows) => {
                let rows = &rows[..a.len()];
                let row = |k: usize| {
                    let mut own = [T::default(); WIDTH];
                    own.copy_from_slice(&rows[k][from..from + WIDTH]);
                    own
                };
                add(a, row, from, &mut sums);
            }
            Panel::InPlace(first, step) => {
                let row = |k| read_row::<T, WIDTH>(memory, first + k * step + from * T::SIZE);
                add(a, row, from, &mut sums);
            }
        }
    }
    let side_by_side = c.column_step == 1 && place.columns == COLUMNS;
    for (row, sums) in sums.iter().enumerate() {
        let sums = match place.last {
            true => sums.map(Number::canonical),
            false => *sums,
        };
        let at = c.at::<T>(place.row + row, place.column);
        if side_by_side {
            let to = &mut memory[at..at + COLUMNS * T::SIZE];
            for (to, sum) in to.chunks_exact_mut(T::SIZE).zip(sums) {
                sum.write(to);
            }
            continue;
        }
        for (column, sum) in sums[..place.columns].iter().enumerate() {
            let at = at + column * c.column_step as usize * T::SIZE;
            sum.write(&mut memory[at..at + T::SIZE]);
        }
    }
}

/// `HEIGHT` rows of A from `row` on, side by side, for the steps `depth` of the sum.
#[inline(always)]
fn pack_rows<T: Number, const HEIGHT: usize>(
    memory: &[u8],
    a: &Matrix,
    row: usize,
    depth: Range<usize>,
    packed: &mut [[T; HEIGHT]],
) {
    for i in 0..HEIGHT {
        let mut at = a.at::<T>(row + i, depth.start);
        for column in packed.iter_mut() {
            column[i] = T::read(&memory[at..at + T::SIZE]);
            at += a.column_step as usize * T::SIZE;
        }
    }
}

/// Values side by side.
#[inline(always)]
fn read_row<T: Number, const COUNT: usize>(memory: &[u8], at: usize) -> [T; COUNT] {
    let mut row = [T::default(); COUNT];
    let bytes = &memory[at..at + COUNT * T::SIZE];
    for (value, bytes) in row.iter_mut().zip(bytes.chunks_exact(T::SIZE)) {
        *value = T::read(bytes);
    }
    row
}

/// `columns` columns of B from `column` on, filled up with zeros, for the steps `depth`.
#[inline(always)]
fn pack_panel<T: Number, const COLUMNS: usize>(
    memory: &[u8],
    b: &Matrix,
    (column, columns): (usize, usize),
    depth: Range<usize>,
    packed: &mut [[T; COLUMNS]],
) {
    let side_by_side = b.column_step == 1 && columns == COLUMNS;
    for (k, row) in depth.zip(packed) {
        if side_by_side {
            *row = read_row(memory, b.at::<T>(k, column));
            continue;
        }
        *row = [T::default(); COLUMNS];
        for (j, value) in row[..columns].iter_mut().enumerate() {
            *value = b.read(memory, k, column + j);
        }
    }
}

/// The whole product, which has been checked, in tiles of COLUMNS columns that are added
/// to in pieces of WIDTH.
#[inline(always)]
fn multiply<T: Number, const COLUMNS: usize, const WIDTH: usize>(
    memory: &mut [u8],
    product: &Product,
) {
    let Product { a, b, c, .. } = product;
    let [rows, columns, depth] =
        [product.rows, product.columns, product.depth].map(|count| count as usize);
    // What is packed: as many rows, columns and steps as there are, up to a block's.
    let steps = depth.min(BLOCK_DEPTH);
    let mut tall = vec![[T::default(); ROWS]; rows.min(BLOCK_ROWS) / ROWS * steps];
    let mut single = vec![[T::default(); 1]; (ROWS - 1).min(rows) * steps];
    let mut panel = vec![[T::default(); COLUMNS]; steps];
    for from_row in (0..rows).step_by(BLOCK_ROWS) {
        let to_row = rows.min(from_row + BLOCK_ROWS);
        let whole = from_row + (to_row - from_row) / ROWS * ROWS;
        // A sum of nothing is one block too.
        for from_depth in (0..depth.max(1)).step_by(BLOCK_DEPTH) {
            let block = from_depth..depth.min(from_depth + BLOCK_DEPTH);
            let deep = block.len();
            for (n, row) in (from_row..whole).step_by(ROWS).enumerate() {
                let packed = &mut tall[n * deep..][..deep];
                pack_rows(memory, a, row, block.clone(), packed);
            }
            for (n, row) in (whole..to_row).enumerate() {
                let packed = &mut single[n * deep..][..deep];
                pack_rows(memory, a, row, block.clone(), packed);
            }
            for column in (0..columns).step_by(COLUMNS) {
                let inside = COLUMNS.min(columns - column);
                let in_place = to_row - from_row < FEW_ROWS && b.column_step == 1;
                let b = if in_place && inside == COLUMNS {
                    let step = b.row_step as usize * T::SIZE;
                    Panel::InPlace(b.at::<T>(block.start, column), step)
                } else {
                    let panel = &mut panel[..deep];
                    pack_panel(memory, b, (column, inside), block.clone(), panel);
                    Panel::Packed(panel)
                };
                let place = |row: usize| Place {
                    row,
                    column,
                    columns: inside,
                    waiting: from_depth > 0,
                    last: block.end == depth,
                };
                for (n, row) in (from_row..whole).step_by(ROWS).enumerate() {
                    let a = &tall[n * deep..][..deep];
                    tile::<T, ROWS, COLUMNS, WIDTH>(memory, c, &place(row), a, &b);
                }
                for (n, row) in (whole..to_row).enumerate() {
                    let a = &single[n * deep..][..deep];
                    tile::<T, 1, COLUMNS, WIDTH>(memory, c, &place(row), a, &b);
                }
            }
        }
    }
}

/// A tile of that many columns, which 16 registers of 256 bits hold; registers of 128
/// bits hold half of it.
macro_rules! product {
    ($name:ident, $portable:ident, $wide:ident, $real:ty, $columns:literal, $kind:literal) => {
        #[doc = concat!("C = A·B in ", $kind, ".")]
        pub fn $name(memory: &mut [u8], product: &Product) -> Result<(), OutOfBounds> {
            product.check::<$real>(memory.len())?;
            #[cfg(target_arch = "x86_64")]
            if std::arch::is_x86_feature_detected!("avx2") {
                // SAFETY: the processor has what the function needs.
                unsafe { $wide(memory, product) };
                return Ok(());
            }
            $portable(memory, product);
            Ok(())
        }

        /// For any processor; the product has been checked.
        pub(crate) fn $portable(memory: &mut [u8], product: &Product) {
            multiply::<$real, $columns, { $columns / 2 }>(memory, product);
        }

        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2")]
        fn $wide(memory: &mut [u8], product: &Product) {
            multiply::<$real, $columns, $columns>(memory, product);
        }
    };
}

product!(product_f64, portable_f64, wide_f64, f64, 8, "float64");
product!(product_f32, portable_f32, wide_f32, f32, 16, "float32");
