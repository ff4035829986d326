//! What a layer does, with everything that was left to defaults filled in.

use serde::{Deserialize, Serialize};

/// Windows (`kernel`, `stride`, …) have one entry for each axis after the channels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Operation {
    Convolution {
        inputs: usize,
        outputs: usize,
        kernel: Vec<usize>,
        stride: Vec<usize>,
        padding: Vec<usize>,
        dilation: Vec<usize>,
        groups: usize,
        bias: bool,
        /// `Some`: a transposed convolution, with what it adds to the output's
        /// length.
        output_padding: Option<Vec<usize>>,
    },
    BatchNorm {
        channels: usize,
        epsilon: f64,
        affine: bool,
    },
    /// Over the last axes, which have this shape.
    LayerNorm {
        shape: Vec<usize>,
        epsilon: f64,
        affine: bool,
    },
    Pool {
        how: Pooling,
        kernel: Vec<usize>,
        stride: Vec<usize>,
        padding: Vec<usize>,
    },
    AdaptivePool {
        how: Pooling,
        size: Vec<usize>,
    },
    /// Over the last axis.
    Linear {
        inputs: usize,
        outputs: usize,
        bias: bool,
    },
    Embedding {
        /// Ids are from 0 to one less.
        count: usize,
        width: usize,
    },
    Recurrent {
        cell: Cell,
        inputs: usize,
        hidden: usize,
        layers: usize,
        bidirectional: bool,
        bias: bool,
    },
    Activation(Activation),
    /// Nothing at evaluation.
    Dropout,
    Flatten,
    Unflatten {
        shape: Vec<usize>,
    },
    /// `x[:, -1]` of a batch of sequences.
    LastStep,
    /// Adds the output of an earlier layer; `None`: the network's input.
    Add {
        layer: Option<usize>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pooling {
    Max,
    /// Padding counts as zeros.
    Average,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cell {
    RnnTanh,
    RnnRelu,
    Gru,
    Lstm,
}

impl Cell {
    /// Blocks of rows in a weight matrix.
    pub fn gates(self) -> usize {
        match self {
            Cell::RnnTanh | Cell::RnnRelu => 1,
            Cell::Gru => 3,
            Cell::Lstm => 4,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Activation {
    Relu,
    /// `x` where it is positive, else `slope · x`.
    LeakyRelu {
        slope: f64,
    },
    Sigmoid,
    Tanh,
    /// `x · Φ(x)`, or its approximation by tanh.
    Gelu {
        by_tanh: bool,
    },
    /// Over an axis that is counted without the batch axis.
    Softmax {
        axis: usize,
    },
    LogSoftmax {
        axis: usize,
    },
}
