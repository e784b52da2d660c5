import Exact
import Networks

/// The values of a network along a line, up to some stage: how each moves at first, and what changes when.
struct Timeline {
  struct Event {
    var time: Rational
    /// The values that move differently from here on.
    var motions: [(value: Int, motion: Motion)]
    /// The units that make another choice from here on.
    var choices: [(unit: Int, choice: Int)]
  }

  private let inputCount: Int
  private let lower: Rational?
  private let upper: Rational?
  private var initial: [Motion]
  private(set) var firstChoices: [Int] = []
  /// By increasing time, strictly between the ends.
  private(set) var events: [Event] = []

  /// A line on which only the inputs are known.
  init(initial: [Motion], lower: Rational?, upper: Rational?) {
    self.initial = initial
    self.lower = lower
    self.upper = upper
    inputCount = initial.count
  }

  /// Adds the units of a stage, and the events at which they change.
  mutating func pass(_ stage: UnitNetwork.Stage) {
    let first = initial.count
    var motions = initial
    var units = stage.units.map { MovingUnit($0, motions) }
    var readers: [Int: [(unit: Int, form: Int, weight: Rational)]] = [:]
    for (index, unit) in stage.units.enumerated() {
      for (number, form) in unit.forms.enumerated() {
        for term in form.terms {
          readers[term.value, default: []].append((index, number, Rational(exactly: term.weight)))
        }
      }
    }
    for index in units.indices { units[index].choose(justAfter: lower, before: upper) }
    initial += units.map(\.motion)
    firstChoices += units.map(\.choice)

    var merged: [Event] = []
    var position = 0
    while true {
      let earlier = position < events.count ? events[position].time : nil
      let own = units.compactMap(\.nextChange).min()
      guard let time = earlier.map({ other in own.map { min($0, other) } ?? other }) ?? own else { break }
      var event = Event(time: time, motions: [], choices: [])
      var touched = Set(units.indices.filter { units[$0].nextChange == time })
      if earlier == time {
        event = events[position]
        position += 1
        for (value, motion) in event.motions {
          let change = motion - motions[value]
          motions[value] = motion
          for reader in readers[value] ?? [] {
            units[reader.unit].add(reader.weight, change, form: reader.form)
            touched.insert(reader.unit)
          }
        }
      }
      for index in touched.sorted() {
        let (choice, motion) = (units[index].choice, units[index].motion)
        units[index].choose(justAfter: time, before: upper)
        if units[index].motion != motion { event.motions.append((first + index, units[index].motion)) }
        if units[index].choice != choice { event.choices.append((first - inputCount + index, units[index].choice)) }
      }
      merged.append(event)
    }
    events = merged
  }

  /// The forms as functions of t between the events.
  func motions(of forms: [AffineForm]) -> [[Motion]] {
    var motions = initial
    var result = [forms.map { $0.motion(motions) }]
    for event in events {
      var current = result[result.count - 1]
      for (value, motion) in event.motions {
        let change = motion - motions[value]
        motions[value] = motion
        for (index, form) in forms.enumerated() {
          guard let weight = form.weight(of: value) else { continue }
          current[index].add(Rational(exactly: weight), change)
        }
      }
      result.append(current)
    }
    return result
  }
}

/// A unit on the way along a line.
private struct MovingUnit {
  private let unit: UnitNetwork.Unit
  private var forms: [Motion]
  private(set) var choice = 0
  private(set) var motion = Motion.zero
  /// When the choice changes, if nothing else happens before.
  private(set) var nextChange: Rational?

  init(_ unit: UnitNetwork.Unit, _ values: [Motion]) {
    self.unit = unit
    forms = unit.forms.map { $0.motion(values) }
  }

  mutating func add(_ weight: Rational, _ change: Motion, form: Int) { forms[form].add(weight, change) }

  /// Decides the choice just after a time (near −∞ when nil), the output, and the next change before the end.
  mutating func choose(justAfter time: Rational?, before end: Rational?) {
    nextChange = nil
    switch unit.kind {
    case .hinge(let below, let above):
      if unit.bends { chooseSide(justAfter: time) }
      motion = Rational(exactly: choice == 1 || !unit.bends ? above : below) * forms[0]
    case .maximum:
      chooseWinner(justAfter: time)
      motion = forms[choice]
    }
    if let change = nextChange, let end, change >= end { nextChange = nil }
  }

  private mutating func chooseSide(justAfter time: Rational?) {
    let form = forms[0]
    guard form.speed.signum != 0 else {
      choice = form.start.signum > 0 ? 1 : 0
      return
    }
    let zero = -form.start / form.speed
    let isPast = time.map { zero <= $0 } ?? false
    choice = isPast == (form.speed.signum > 0) ? 1 : 0
    if !isPast { nextChange = zero }
  }

  private mutating func chooseWinner(justAfter time: Rational?) {
    choice = 0
    for rival in forms.indices.dropFirst() where forms[choice].isBelow(forms[rival], justAfter: time) { choice = rival }
    let winner = forms[choice]
    for rival in forms where rival.speed > winner.speed {
      let meeting = (winner.start - rival.start) / (rival.speed - winner.speed)
      nextChange = nextChange.map { min($0, meeting) } ?? meeting
    }
  }
}

extension AffineForm {
  fileprivate func motion(_ values: [Motion]) -> Motion {
    terms.reduce(into: Motion(start: Rational(exactly: constant), speed: .zero)) { sum, term in
      sum.add(Rational(exactly: term.weight), values[term.value])
    }
  }

  fileprivate func weight(of value: Int) -> Double? {
    var low = 0
    var high = terms.count
    while low < high {
      let middle = (low + high) / 2
      if terms[middle].value < value { low = middle + 1 } else { high = middle }
    }
    return low < terms.count && terms[low].value == value ? terms[low].weight : nil
  }
}
