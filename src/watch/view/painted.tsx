import { Box, Text } from 'ink';
import { memo } from 'react';
import type { Size } from '../page/frame.ts';
import type { Line } from '../page/line.ts';
import { styleOf } from './theme.ts';

/** Lines as they are drawn; the last row of the screen stays free, for Ink scrolls a full one. */
export function Painted({
  lines,
  size,
  coloured,
}: {
  lines: readonly Line[];
  size: Size;
  coloured: boolean;
}) {
  return (
    <Box flexDirection="column" height={size.rows - 1} width={size.columns} overflow="hidden">
      {lines.map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line has no identity but its place
        <PaintedLine key={at} line={line} coloured={coloured} />
      ))}
    </Box>
  );
}

const PaintedLine = memo(function PaintedLine({ line, coloured }: { line: Line; coloured: boolean }) {
  if (line.parts.length === 0) return <Text> </Text>;
  return (
    <Text wrap="truncate" inverse={line.inverse === true}>
      {line.parts.map((part, at) => {
        const style = line.inverse === true ? { bold: part.strong === true } : styleOf(part, coloured);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a stretch has no identity but its place
          <Text key={at} {...style}>
            {part.text}
          </Text>
        );
      })}
    </Text>
  );
});
