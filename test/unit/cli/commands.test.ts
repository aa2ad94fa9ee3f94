import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/cli/commands.ts';

describe('the list of commands', () => {
  it.each(COMMANDS)('names $name and its arguments as the command itself does', async (entry) => {
    const command = await entry.load();
    expect(command.name()).toBe(entry.name);
    const taken = command.registeredArguments.map((argument) => {
      const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
      return argument.required ? `<${name}>` : `[${name}]`;
    });
    expect(taken.join(' ')).toBe(entry.takes ?? '');
  });

  it('has each name once', () => {
    const names = COMMANDS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
