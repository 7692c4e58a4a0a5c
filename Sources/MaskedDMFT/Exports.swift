// `import MaskedDMFT` is all that a program needs to write: every type that stands in a public
// signature of the library can be named, whichever module declares it. The modules stay apart so
// that none of them can reach what it must not, such as the training from the theory.

@_exported public import DataFitting
@_exported public import Energetics
@_exported public import LearningProblem
@_exported public import Limits
@_exported public import MeanField
@_exported public import NumericalKit
@_exported public import Observables
@_exported public import Stationary
@_exported public import Training
