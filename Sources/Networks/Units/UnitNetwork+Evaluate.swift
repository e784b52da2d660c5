extension UnitNetwork {
  /// The outputs at a point, by the plain forward pass in double arithmetic. O(parameters).
  ///
  /// - Parameter input: `inputCount` numbers.
  public func callAsFunction(_ input: [Double]) -> [Double] {
    allValues(input).withUnsafeBufferPointer { values in
      // There is at least one input, and so an address.
      outputs.map { form in values.baseAddress.map { form($0) } ?? form.constant }
    }
  }

  /// The inputs and the outputs of all units at a point, in the order of their numbers. O(parameters).
  public func allValues(_ input: [Double]) -> [Double] {
    precondition(input.count == inputCount, "\(input.count) numbers for \(inputCount) inputs")
    return Array(unsafeUninitializedCapacity: inputCount + unitCount) { buffer, count in
      guard let values = buffer.baseAddress else { return }
      for number in input {
        values.advanced(by: count).initialize(to: number)
        count += 1
      }
      for stage in stages {
        for unit in stage.units {
          let largest = unit.forms.reduce(-Double.infinity) { max($0, $1(values)) }
          switch unit.kind {
          case .hinge(let below, let above):
            values.advanced(by: count).initialize(to: (largest > 0 ? above : below) * largest)
          case .maximum: values.advanced(by: count).initialize(to: largest)
          }
          count += 1
        }
      }
    }
  }
}
