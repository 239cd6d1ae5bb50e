package io.sekisho.app;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The words on and off. */
final class OnOff implements ITypeConverter<Boolean> {
    @Override
    public Boolean convert(String word) {
        return switch (word) {
            case "on" -> true;
            case "off" -> false;
            default -> throw new TypeConversionException("on or off, not " + word);
        };
    }
}
