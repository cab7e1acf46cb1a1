package stats

// Cell is a kind of clicks: source, device class and referrer class of a
// person, or source and reason of a machine. Of machines no device and no
// referrer is kept: both would be what a machine claims, and a person who is
// taken for one by mistake is better protected without.
//
// Its 24 bits are kept in stores: source, device class, referrer class, reason
// from the highest to the lowest, with 8, 4, 4 and 8 bits. The numbers are those
// of the contract.
type Cell uint32

const (
	reasonBits   = 8
	referrerBits = 4
	deviceBits   = 4
	sourceBits   = 8

	referrerShift = reasonBits
	deviceShift   = referrerShift + referrerBits
	sourceShift   = deviceShift + deviceBits
)

// maxCell is the highest cell there can be.
const maxCell = 1<<(sourceShift+sourceBits) - 1

// field is a number that fits its bits; what does not, which a newer contract
// could bring, is 0, "not known".
func field(n int32, bits int) Cell {
	if n < 0 || n >= 1<<bits {
		return 0
	}
	return Cell(n)
}

// NewCell returns the cell of a kind of clicks, which are those of a person
// when reason is 0.
func NewCell(source, device, referrer, reason int32) Cell {
	c := field(source, sourceBits) << sourceShift
	if reason != 0 {
		return c | max(field(reason, reasonBits), 1)
	}
	return c | field(device, deviceBits)<<deviceShift | field(referrer, referrerBits)<<referrerShift
}

// CellOf returns the cell that n stands for; false when there is none.
func CellOf(n uint64) (Cell, bool) {
	if n > maxCell {
		return 0, false
	}
	return Cell(n), true
}

func (c Cell) part(shift, bits int) int32 { return int32(c >> shift & (1<<bits - 1)) } //nolint:gosec // G115: at most 8 bits

// Source returns where the link had been put.
func (c Cell) Source() int32 { return c.part(sourceShift, sourceBits) }

// Device returns the class of the device; 0 for a machine.
func (c Cell) Device() int32 { return c.part(deviceShift, deviceBits) }

// Referrer returns the class of the referrer; 0 for a machine.
func (c Cell) Referrer() int32 { return c.part(referrerShift, referrerBits) }

// Reason returns why the clicks are those of a machine; 0 for a person.
func (c Cell) Reason() int32 { return c.part(0, reasonBits) }

// Machine reports whether the clicks are those of a machine.
func (c Cell) Machine() bool { return c.Reason() != 0 }

// Coarse returns the cell without device and referrer.
func (c Cell) Coarse() Cell { return NewCell(c.Source(), 0, 0, c.Reason()) }

// Coarsest returns the cell that says only whether it was a person or a machine.
func (c Cell) Coarsest() Cell {
	if c.Machine() {
		return 1
	}
	return 0
}
